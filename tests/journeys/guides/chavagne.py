"""Chavagne: « Guide d'utilisation du Portail Familles »."""

from tests.journeys.guides.sentences import Guide

GUIDE = Guide(
    "chavagne",
    "Chavagne",
    "Guide d'utilisation du Portail Familles",
    {
        "Sommaire": {
            1: "accessible 7 jours sur 7 et 24h sur 24 depuis un ordinateur, une tablette ou un smartphone en se "
            "connectant au site internet de la ville de Chavagne […] ou directement à l'adresse suivante",
            2: "Vous pourrez y trouver les modalités de fonctionnement du Portail Familles présentées sous la forme "
            "d'un guide d'utilisation",
        },
        "1. Espace personnel : création": {
            3: "Le service Enfance vous a transmis un identifiant et un mot de passe à l'adresse mail renseignée qui "
            "vous permettront d'accéder à votre espace personnel et sécurisé.",
            4: "Si vous n'avez rien reçu, veuillez contacter le service Enfance.",
            5: "Saisissez votre identifiant et votre mot de passe vous ayant été communiqués Cliquez ensuite sur "
            "Connexion",
            6: "J'ai oublié mon mot de [passe]",
            7: "Vos enfants n'ont pas fréquenté le service Enfance : Veuillez contacter le service Enfance",
        },
        "3. Représentants, membres du foyer, contacts": {
            8: "REPRESENTANTS-MEMBRES DU FOYER-CONTACTS",
            9: 'Cliquer sur "Ajouter un contact enfance"',
            10: 'Renseignez les champs puis cliquez sur "Aller à l\'étape 2"',
            11: 'Cliquer sur "Ajouter un contact" pour valider.',
        },
        "4. Mon tableau de bord": {
            12: "Dernières demandes | Pièces justificatives | Mes actualités",
        },
        "5. Ma famille": {
            13: "Inscription administrative | Modifier les réservations",
            14: "Justifier une absence",
            15: "Simulation des tarifs",
            16: "Autres démarches",
        },
        "6. Le dossier administratif": {
            17: "Pour compléter le dossier administratif d'un enfant, cliquez sur Inscription administrative",
            18: "Cliquez ensuite sur le prénom de l'enfant concerné",
            19: "Vous devez télécharger les documents administratifs suivants : - La fiche famille - La fiche "
            "sanitaire",
            20: "C'est deux fichiers sont au format PDF et contiennent des champs de formulaires à renseigner.",
            21: "Une fois remplis, vous devez enregistrer les modifications apporter.",
            22: "Ces deux fichiers vous seront demandés dans l'étape 2.",
            23: "Cocher ou décocher les personnes autorisées à venir chercher l'enfant.",
            24: "De même pour l'autorisation d'accès au quotient familial",
            25: "l'autorisation de prise de photo pour des support de communication",
            26: "Le récapitulatif vou[s] permet de vérifier les informations fournies",
            27: "Annuler votre démarche",
            28: "Revenir à l'éta[pe précédente] pour modifier vos choix",
            29: "Pièces à fournir pour le dossier administratif de l'enfant : Fiche famille, Fiche sanitaire",
            30: "J'atteste que les renseignements fournis sont exactes",
            31: "Après avoir cliqué sur Valider, votre demande est transmise au service enfance",
            32: "qui vous tiendra informé de l'avancement de son instruction",
            33: "Vous recevrez automatiquement un accusé de réception sur votre adresse mail.",
        },
        "7. Gérer les réservations": {
            34: "Cliquez sur Modifier les réservations. Vous verrez apparaître l'écran ci-dessous avec les services "
            "disponibles à la réservation pour vos enfants.",
            35: "Vous devez choisir votre (vos) enfant (s) […] et l'activité que vous souhaitez réserver.",
            36: "L'Accueil Périscolaire permet de réserver […] garderie du matin […] garderie du soir […] temps des "
            "leçons (lundi, mardi, jeudi, vendredi)",
            37: "La Restauration scolaire permet de réserver les repas pour le midi au restaurants municipal.",
            38: "Accueil de Loisirs - Mercredi permet de réserver le repas du mercredi midi au restaurant municipal "
            "ainsi que l'après-midi du mercredi.",
            39: "Accueil de Loisirs - Vacances permet de réserver les matins, après-midi, les repas mercredi pendant "
            "les petites vacances scolaires.",
            40: "Pour réserver la journée, vous devez cocher matin, repas et après-midi.",
            41: "3 : Le récapitulatif",
        },
        "8. Historique des demandes dans « Dernières demandes »": {
            42: "Vous pouvez également retrouver l'historique de vos demandes dans le bloc « Dernières demandes »",
            43: "DEMANDE N° 18 ENFANCE Réservation […] Accueil de loisirs Mercredi […] Traitée positivement",
            44: "DEMANDE N° 19 ENFANCE Inscription accueil de loisirs de vacances […] Traitée positivement",
            45: "DEMANDE N° 21 ENFANCE Justifier une absence […] Traitée positivement",
            46: "VOIR TOUTES MES DEMANDES",
            47: "Pour modifier ou annuler vos réservations, il vous suffit de faire la même démarche en cochant ou "
            "décochant",
            48: "dans la mesure où les modifications ou annulations sont réalisées dans les délais",
            49: "L'ensemble de cette procédure de réservation est identique à tous les services périscolaires suivants",
        },
        "9. Adhésion à la facture en ligne": {
            50: "ADHÉSION À LA FACTURE EN LIGNE […] votre demande est transmise au service enfance",
            51: "Vous recevrez automatiquement un accusé de réception […] NOUS AVONS BIEN ENREGISTRÉ VOTRE DEMANDE",
        },
        "10. Adhésion au prélèvement automatique": {
            52: "A réception de votre facture, vous pouvez payer par prélèvement automatique.",
            53: "Pour bénéficier de ce service, vous devez fournir vos coordonnées bancaires.",
            54: "Pensez à modifier ces informations en cas de changement de domiciliation bancaire.",
            55: "J'accepte les conditions générales liées au prélèvement automatique",
            56: "Le récapitulatif […] Annuler votre démarche, Revenir à l'étape précédente […] Ou valider",
        },
        "11. Paiement en ligne": {
            57: "Dans la rubrique « MES FACTURES» […] cliquez sur « Paiement en ligne » via l'application Payfip.",
            58: "Saisissez […] votre numéro de facture, l'année, le montant ainsi que votre adresse courriel […] et "
            "clique sur « Envoyer ».",
            59: "Vous allez être redirigé vers la plateforme de paiements en ligne de la direction générale des "
            "Finances publiques (DGFIP).",
            60: "Cliquez ensuite sur « Payer par carte bancaire ».",
        },
    },
)
