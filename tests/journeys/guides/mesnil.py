"""Le Mesnil-Saint-Denis: « Guide d'utilisation de votre nouveau portail famille »."""

from tests.journeys.guides.sentences import Guide

GUIDE = Guide(
    "mesnil",
    "Le Mesnil-Saint-Denis",
    "Guide d'utilisation de votre nouveau portail famille",
    {
        "Activation": {
            1: "Vous avez reçu un mail pour accéder au nouveau portail famille où figurent vos identifiants de "
            "connexion : Nom d'utilisateur + mot de passe.",
            2: "Pour activer votre compte, vous devez cliquer sur le lien reçu dans ce mail. Vous pourrez donc accéder "
            "directement à page d'identification",
            3: "Entrez l'identifiant et le mot de passe qui vous ont été envoyés par email",
            4: "Vous aurez la possibilité de créer un nouveau mot de passe",
        },
        "Bienvenue sur votre espace": {
            5: "1-Gérer les activités de vos enfants (inscriptions, réservations, annulations […])",
            6: "justifier une absence",
            7: "2-Payer vos facturer",
            8: "3-Déclarer votre nouveau QF",
            9: "4-Modifier vos coordonnées ou votre situation",
            10: "5-Adhérer au prélèvement automatique",
            11: "6-Consulter l'historique de vos démarches",
        },
        "Ma page": {
            12: "Pour y stocker vos justificatifs (livret de famille, avis imposition,...)",
            13: "pour les transmettre aux services en quelques clics",
            14: "Pour consulter l'historique de vos demandes",
            15: "Pour modifier une réservation d'activité",
            16: "Pour effectuer un changement de numéro de téléphone, adresse postale",
            17: "ou email",
            18: "Pour adhérer au prélèvement automatique de vos factures",
            19: "Pour mettre à jour votre quotient familial",
            20: "Vous trouverez ici tous les membres de votre famille",
            21: "Cliquez sur l'icône de l'enfant concerné pour accéder à l'agenda de ses activités et modifier les "
            "réservations",
            22: "Pour effectuer des réservations (ajout/annulation) aux activités (cantine, étude, périscolaire "
            "matin/soir, mercredi, vacances)",
        },
        "Ma famille": {
            23: "Cette page vous explique les différentes étapes de votre demande, cliquer sur commencer",
            24: "Cliquer sur la petite flèche de l'activité concernée",
            25: "Dans cette étape, vous pourrez cocher ou décocher les jours concernés par votre demande",
            26: "ou réserver plusieurs jours à un rythme donné (tous les jours, 3 jours, 2 jours ... une semaine sur "
            "2, sur 3 ... ou pour l'année entière)",
            27: "Vérifier votre demande et cliquer sur « valider »",
            28: "Vous recevrez alors un mail de confirmation",
            29: "Pour ajouter un nouvel enfant",
            30: "Si vous avez une question concernant l'utilisation de ce portail, n'hésitez pas à envoyer votre "
            "demande par mail",
        },
    },
)
