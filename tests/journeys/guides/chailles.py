"""Chailles: « Utiliser Mon Espace Famille et Mes Factures On Line »."""

from tests.journeys.guides.sentences import Guide

GUIDE = Guide(
    "chailles",
    "Chailles",
    "Utiliser Mon Espace Famille et Mes Factures On Line",
    {
        "Étape 1.1 : réception d'un mail": {
            1: "Vous allez recevoir un mail vous indiquant (merci de vérifier dans vos SPAMS)",
            2: "vous pourrez dorénavant utiliser le service monespacefamille.fr […] afin de réaliser vos démarches "
            "(réservation des prestations, visualisation des factures)",
            3: "Au sein du mail, un lien d'activation de ce type vous sera indiqué : […] activationCode=[…]&email=[…]",
            4: "Cliquez dessus pour activer votre compte.",
            5: "Pour toutes questions, merci de contacter le service Enfance Jeunesse au 02.57.79.72.11 ou au "
            "02.54.46.30.65.",
            6: "monespacefamille.fr <ne-pas-repondre@monespacefamille.fr>",
        },
        "Étape 1.2 : création du compte": {
            7: "créer un compte pour accéder à l'espace famille afin de pouvoir réserver des prestations offertes par "
            "votre collectivité",
            8: "En cas de questions, vous pouvez contacter nos services à l'adresse suivante […] Poser une question",
            9: "Nom de la famille * Cette information sera utilisée pour le nom de votre foyer",
            10: "Adresse e-mail * Important : Il s'agira de votre identifiant de connexion, conservez-le bien",
            11: "Annuler la création de compte",
            12: "Vérifiez votre nom de famille et votre adresse e-mail, saisissez un mot de passe et confirmez-le.",
            13: "Vérifiez toutes les informations concernant les responsables des enfants.",
            14: "Civilité * […] Nom * […] Prénom *",
            15: "Vérifiez les informations concernant vos enfants et cliquez sur « S'enregistrer ».",
            16: "Votre compte espace famille a bien été créé. Vous pouvez désormais accéder aux prestations proposées "
            "et effectuer des réservations.",
            17: "Vous n'avez plus qu'à cliquer sur Accéder à mon espace famille.",
            18: "J'ai oublié mon mot de passe",
        },
        "Étape 2 : les réservations": {
            19: "Cliquez sur « Mes réservations » pour accéder à vos réservations",
            20: "Vous êtes, par défaut, en mode « Vue Période ».",
            21: "Vous pouvez choisir le mode « Vue Agenda » pour effectuer des réservations par période de plusieurs "
            "jours, semaines ou mois.",
            22: "Si plusieurs de vos enfants sont inscrits, choisissez l'enfant concerné.",
        },
        "Étape 2.1 : vue période": {
            23: "Cliquez sur les prestations pour réserver les dates et jours choisis.",
            24: "Vos demandes sont en cours",
            25: "Vous pouvez naviguer dans le temps grâce à ces liens.",
            26: "Quand vos réservations sont terminées, n'oubliez pas de Valider. Elles se modifient alors en demande "
            "validée",
            27: "Votre panier se remplit",
        },
        "Étape 2.2 : vue agenda": {
            28: "Saisissez le début et la fin de période, puis ajoutez au panier, n'oubliez pas de valider votre "
            "panier.",
        },
        "Étape 2.3 : quelques remarques": {
            29: "Ne pas oublier de sélectionner l'enfant concerné.",
            30: "Vous ne pouvez pas réserver des prestations hors des créneaux de temps prévu dans le règlement",
            31: "elle commande les repas à l'avance, elle gère les plannings des animateurs et ATSEM",
            32: "Vous pouvez annuler vos demandes préalablement validées dans les créneaux de temps prévus dans le "
            "règlement",
            33: "vous ne pouvez pas dé-réserver hors des périodes définies par votre collectivité",
        },
        "3. Mes factures": {
            34: "Vous pouvez voir l'historique de vos factures dans l'onglet factures payées et pas factures en cours, "
            "mais attention elles ne sont pas payées pour autant",
            35: "(sauf pour les familles qui sont au prélèvement automatique) […] Si vous avez opté pour le "
            "prélèvement automatique, vous n'avez rien à faire",
            36: "ce menu vous permettra seulement d'avoir un historiques de vos factures (pour votre CE ou les impôts "
            "par exemple)",
            37: "vous pouvez payer en ligne directement à la DGFIP grâce au lien suivant que vous retrouvez sur le "
            "titre exécutoire format avis des sommes à payer, que vous avez reçu par courrier",
            38: "Veuillez renseigner l'identifiant structure publique […] la référence de la dette",
            39: "votre collectivité doit fournir au comptable un état d'encaissement récapitulatif des prestations",
            40: "elle doit elle aussi rendre des comptes sur les retards de paiement",
        },
        "4. Mes actualités": {
            41: "les différentes informations que votre collectivité veut vous faire passer concernant les services "
            "périscolaires de vos enfants",
            42: "de réserver la cantine et garderie de l'école pour votre (vos) enfant(s)",
            43: "de réserver la cantine et le centre de loisirs pour les mercredis et vacances scolaires via Mes "
            "réservations",
            44: "de consulter et régler vos factures en attente de règlements via Mes factures",
            45: "de voir les messages globaux que nous auront besoin de vous communiquer via Mes actualités",
            46: "de dialoguer avec nous pour les documents administratifs liés à ces prestations via Mes demandes",
        },
    },
)
