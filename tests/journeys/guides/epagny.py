"""Épagny Metz-Tessy: « Guide d'utilisation du portail famille […] en Etablissement d'Accueil du Jeune Enfant »."""

from tests.journeys.guides.sentences import Guide

GUIDE = Guide(
    "epagny",
    "Épagny Metz-Tessy",
    "Guide d'utilisation du portail famille à destination des familles en Etablissement d'Accueil du Jeune Enfant",
    {
        "Je me connecte au portail famille": {
            1: "Directement depuis le lien […] OU Depuis le site internet de la mairie d'Epagny Metz-Tessy, […] puis "
            "cliquer sur portail familles.",
            2: "Lors de mon inscription je reçois un mail (vérifier dans les courriers indésirables) pour l'activation "
            "de mon espace personnel.",
            3: "Cliquer sur le lien en rose",
            4: "mon identifiant est la partie de mon adresse mail située avant l'@",
            5: "Je copie/colle le mot de passe et je clique sur le bouton « Connexion ».",
        },
        "Bienvenue sur votre espace citoyens": {
            6: "La gestion des réservations de votre/ vos enfant(s) : accueil du matin et du soir, restauration "
            "scolaire, études surveillées",
            7: "accueils de loisirs « Croc'Loisirs » et « Croc'vacances […] activités de l'Espace Jeunes",
            8: "La modification et l'annulation de vos réservations",
            9: "Le suivi du traitement de vos demandes",
            10: "Le téléchargement et le paiement de vos factures en ligne (paiement sécurisé)",
            11: "L'adhésion à la facture en ligne pour les activités payantes (Jeunesse)",
            12: "Créez votre Espace personnel ! En saisissant vos Identifiants, vous pourrez accéder à votre tableau "
            "de bord personnalisé et sécurisé.",
            13: "des tutoriels sont à votre disposition sur le site internet de la commune ou sur la page... de votre "
            "Portail Familles",
            14: "Le service Enfance Jeunesse reste également à votre disposition pour toute information complémentaire "
            "(04.50.22.98.19)",
            15: "ACTUALITÉS […] LIRE LA SUITE",
        },
        "Modification de vos identifiants": {
            16: "Je change obligatoirement mon mot de passe ; il doit comporter au moins 8 caractères, dont au moins "
            "une majuscule et un chiffre. Je valide.",
            17: "Le mot de passe doit contenir au minimum 8 caractères (dont au moins : 1 minuscule(s), 1 chiffre(s))",
            18: "La page des Conditions Générales d'Utilisation s'affiche. J'utilise l'ascenseur pour prendre "
            "connaissance de tout le document.",
            19: "je clique sur « J'accepte les conditions générales d'utilisation »",
        },
        "J'accède à mon portail familles": {
            20: "Je vérifie l'exactitude des informations portées sur mon dossier",
            21: "Nom, prénom des membres du foyer",
            22: "Date de naissance du ou des enfants",
            23: "Adresses postale et mails, coordonnées téléphoniques des représentants légaux et des contacts déjà "
            "renseignés.",
            24: "Vous pouvez uniquement consulter les factures et les payer en ligne si besoin",
            25: "suivre les actualités du service et éditer des documents",
            26: "Rubrique : « MA FAMILLE » : Ne pas utiliser cette rubrique.",
            27: "Toute demande ou modification […] (adresse postale, mails, coordonnées téléphoniques, contact ou "
            "absences, réservations, informations santé, etc.) est à signaler directement par mail à la structure "
            "d'accueil de votre enfant : picketplume@epagnymetztesy.fr",
            28: "(ou loptiou@epagnymetztesy.fr)",
            29: "vous trouverez les dernières actualités",
            30: "les derniers documents officiels en vigueur",
            31: "les menus restauration du mois",
            32: "les événements en cours ou à venir, etc.",
            33: "Les nouvelles factures, actualités et éditions de documents sont notifiées par le logo",
            34: "Ne pas oublier de se déconnecter.",
        },
        "En cas de perte de mon mot de passe": {
            35: "je renseigne mon identifiant […] et je clique sur « J'ai oublié mon mot de passe »",
            36: "Je reçois un mail pour le réactiver.",
            37: "Je dois changer obligatoirement le mot de passe.",
        },
        "Si vous souhaitez régler votre facture par carte bancaire": {
            38: "Après réception du mail de notification indiquant le dépôt d'une facture sur le portail familles, je "
            "la retrouve sur mon espace.",
            39: "Je clique sur la facture concernée",
            40: "Ma facture est téléchargeable en cliquant sur ce logo",
            41: "Je clique sur « Payer par carte bancaire » et je complète le formulaire.",
            42: "Je garde le reçu.",
        },
        "Si vous souhaitez régler votre facture par prélèvement automatique": {
            43: "Transmettre un RIB à la directrice de la structure ou par mail",
            44: "A réception, un mandat de prélèvement vous parviendra par mail pour signature.",
            45: "Le mode de règlement par prélèvement sera effectif à compter de la prochaine facturation.",
            46: "Il peut être suspendu à tout moment soit à votre demande soit au bout de deux rejets de prélèvements.",
            47: "En cas de problème lié à l'utilisation du portail famille contacter le service Petite Enfance",
        },
    },
)
