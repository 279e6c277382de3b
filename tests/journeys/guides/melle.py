"""Mellois en Poitou: « Accompagnement des usagers »."""

from tests.journeys.guides.sentences import Guide

GUIDE = Guide(
    "melle",
    "Mellois en Poitou",
    "Accompagnement des usagers",
    {
        "Points de repères": {
            1: "1 public avec les informations de la direction éducation",
            2: "des documents à télécharger (règlements de fonctionnements, dossiers d'inscriptions, flyers des "
            "structures ...)",
            3: "1 espace privé qui permet de créer son espace personnel pour constituer son dossier administratif",
            4: "ensuite d'effectuer les inscriptions aux différentes activités après validation des services",
        },
        "Cas n° 1 : la famille a reçu un mail d'activation": {
            5: "cliquez sur le mail envoyé par la direction éducation, à propos de la création de l'espace personnel",
            6: "Dans ce mail, cliquez sur le lien d'activation.",
            7: "Bonjour Mme Testa ARPEGE",
            8: "votre espace personnel a été automatiquement créé",
            9: "Voici vos identifiants de connexion : Nom d'utilisateur […] Mot de passe",
            10: "Une fois connecté vous pourrez modifier vos identifiants dans votre profil.",
            11: "un message de confirmation d'activation s'affiche […] Votre espace a bien été activé pour le nom "
            "d'utilisateur",
            12: "entrez votre identifiant et votre mot de passe temporaire, fournis dans le mail d'activation",
            13: "Changer le mot de passe temporaire pour créer le mot de passe personnel de l'utilisateur.",
            14: "le mot de passe doit contenir au minimum 8 caractères dont au moins : une minuscule, un chiffre",
            15: "Acceptez les conditions générales d'utilisation à l'aide du bouton en bas de l'écran.",
        },
        "Cas n° 1 : la famille n'a pas reçu de mail d'activation": {
            16: "OBLIGATOIRE appeler notre accueil au 05 49 27 56 84 (attention le mardi matin et le jeudi matin, "
            "l'accueil téléphonique est fermé) ou envoyer un mail",
            17: "Demander à parler à un agent pour obtenir la « clé enfance ».",
            18: "arrivé à l'étape du cadenas, rajouter la clé enfance qui vous aura été communiqué. L'espace personnel "
            "est créé. L'utilisateur peut compléter son dossier",
            19: "Vous avez la possibilité de saisir les clés d'accès à différents services proposés sur le portail.",
            20: "Vous serez en mesure de renseigner ultérieurement ces informations",
        },
        "Constitution du dossier administratif": {
            21: "il est important de se munir de toutes les pièces justificatives selon sa situation",
            22: "lorsque la procédure est commencée, elle ne peut pas s'enregistrer il faut soit tout compléter",
            23: "soit tout annuler et recommencer une fois les pièces préparées",
            24: "Photocopie du carnet de vaccinations à jour (ou attestation d'un médecin)",
            25: "Attestation d'assurance responsabilité civile […] (à fournir dès que possible)",
            26: "Demande de prélèvement automatique : - Mandat de prélèvement SEPA […] - RIB",
            27: "à télécharger sur l'espace familles dans la rubrique « Edition de documents »",
            28: "Projet d'Accueil Individualisé (PAI) si l'enfant en dispose ou certificat médical dans l'attente de "
            "l'élaboration du PAI",
            29: "Décision judiciaire pour le(s) contact(s) interdit(s).",
            30: "En cas de garde alternée : - Le calendrier de garde-alternée, co-signé par les représentants légaux, "
            "- Photocopie du jugement de garde.",
            31: "aller dans « Ma famille » pour créer l'inscription au dossier administratif 2021-2022 et compléter",
            32: "Suivre la procédure jusqu'à la validation",
        },
        "Procédure d'inscription": {
            33: "vous devez d'abord renseigner le dossier administratif unique en ligne […] Après validation de votre "
            "dossier par le service, vous pourrez choisir, en ligne, les activités",
            34: "Dès le 1er juin 2021 : restauration, garderie, Temps d'Activités Périscolaires (TAP).",
            35: "Dès le 1er septembre 2021 : halte-garderie, accueil collectif de mineurs, accueil de jeunes ...",
            36: "il vous appartient de faire les demandes en ligne aux différentes activités que vous souhaitez "
            "utiliser pendant l'année",
            37: "Tout dossier non complet ne pourra pas être validé.",
            38: "il faudra qu'elle soit traitée par les services afin que l'utilisateur puisse effectuer les "
            "inscriptions",
            39: "L'utilisateur reçoit un mail de confirmation de l'enregistrement de sa demande",
            40: "ainsi qu'un mail de traitement réalisé ou en cours d'instruction",
            41: "Il faut recommencer la même procédure pour tous les enfants.",
            42: "Il peut également suivre l'avancée dans « Mon tableau de bord » « Dernières demandes ».",
        },
        "Inscription aux activités": {
            43: "Après validation du dossier administratif […], les usagers ont accès à toutes les activités pour "
            "inscription.",
            44: "L'utilisateur doit choisir l'inscription correspondante […] (pas de pièces à joindre lors de ces "
            "inscriptions).",
        },
        "Cas n° 2 : une famille qui arrive sur le territoire": {
            45: "L'utilisateur doit créer son espace personnel directement sur l'Espace Familles.",
            46: "il n'est pas nécessaire de contacter la direction de l'éducation",
            47: "l'utilisateur doit renseigner son entourage, en cliquant sur « Entourage » puis sur « Déclarer mon "
            "entourage »",
            48: "Il faut cliquer sur « + » pour ajouter un membre/contact et renseigner les champs correspondants",
            49: "Ajouter un co-représentant | Ajouter un membre | Ajouter un contact",
            50: "Recopier les informations du titulaire",
            51: "La demande est transmise à nos services, elle doit être validée avant de pouvoir continuer.",
            52: "Un mail automatique est envoyé à l'utilisateur pour l'informer de la prise en compte et du traitement "
            "de sa demande.",
            53: "Ensuite, suivre la procédure décrite à compter du paragraphe Constitution du dossier administratif "
            "[…] et inscriptions aux activités",
        },
    },
)
