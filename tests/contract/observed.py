"""What each visitor of the walk sees and changes: a new root field is written here once."""

from dataclasses import dataclass, field

from resolvers.context import AgentRight


@dataclass(slots=True)
class Observed:
    """What a walk showed of a household: where its mark was read, which root fields changed its rows."""

    sees: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)


def found_again(*types: str) -> set[str]:
    """Objects of these types, read by identifier."""
    return {f"{name}:{type_}" for name in ("node", "nodes") for type_ in types}


A_FILE = found_again("BookingReceipt", "Child", "Document", "Dossier", "Enrolment", "Household", "Person", "Request")
A_FILE |= found_again("AbsenceReport")
WORK = {"accountEmailReplace", "fieldChangeDecide", "personCorrect", "requestDecide", "requestReply", "requestReview"}
MONEY = found_again("CreditNote", "Invoice", "Mandate", "Payment")
DEBITS = {"collectionReject", "remittanceSend"}
REMITTANCES = found_again("Collection", "Remittance") | {"collections", "remittances"}
LEDGER = {"counterPaymentCancel", "creditNoteIssue", "paymentDecide", "paymentReject", "writeOffRecord"}
DEBIT = {f"directDebit{act}" for act in ("Suspend", "Resume", "End")}
ASKED_FOR_DEBIT = {"directDebitDecide", "directDebitJoin", "directDebitPreview"}
WAITING = {"offerAccept", "offerDecline", "waitingListJoin", "waitingListLeave"}
READINGS = {"dossiersToDecide", "households", "node", "nodes"}  # that an agent reads a file, health included, is kept

OF_A_PARENT = Observed(
    sees={
        *A_FILE,
        *MONEY,
        *found_again("Session", "WaitingEntry"),
        *WAITING,
        *DEBIT,
        "absencePreview",
        "accountActivate",
        "basket",
        "basketSave",
        "bookingsCommit",
        "bookingsPreview",
        "contactCreate",
        "creditUse",
        "contactRemove",
        "contactUpdate",
        "directDebitPreview",
        "directDebitSign",  # its request is cancelled by then, and the refusal names the mandate
        "dossierSave",
        "passwordReset",
        "paymentRefresh",
        "paymentStart",
        "personUpdate",
        "requestAnswer",
        "requestCancel",
        "requestCreate",
        "tariffSimulate",
        "viewer",
    },
    changes={
        *WAITING,
        *DEBIT,
        "absenceReport",
        "accountActivate",
        "basketCommit",
        "basketEmpty",
        "basketSave",
        "bookingsCommit",
        "calendarFeedCreate",
        "calendarFeedRevoke",
        "childCreate",
        "consentChange",
        "contactCreate",
        "contactRemove",
        "contactUpdate",
        "creditUse",
        "directDebitJoin",
        "documentWithdraw",
        "dossierCancel",
        "dossierSave",
        "dossierSubmit",
        "enrolmentCreate",
        "enrolmentEnd",
        "passwordChange",
        "passwordReset",
        "paymentStart",
        "personUpdate",
        "quotientDeclare",
        "quotientFetch",
        "requestAnswer",
        "requestCancel",
        "reminderSet",
        "requestCreate",
        "serviceKeyUse",
        "sessionClose",
        "sessionOpen",
        "sessionRefresh",
        "householdConfirm",
        "onlineInvoicesJoin",
        "emailChangeConfirm",
        "emailChangeRequest",
        "sessionRevoke",
        "sessionsRevoke",
        "termsAccept",
    },
)
OF_ITS_OWN = {
    "accountActivate",
    "calendarFeedCreate",
    "calendarFeedRevoke",
    "emailChangeConfirm",
    "emailChangeRequest",
    "householdDeclare",
    "passwordChange",
    "passwordReset",
    "personUpdate",  # its own particulars: see test_field_changes.py
    "reminderSet",
    "serviceKeyUse",
    "sessionClose",
    "sessionOpen",
    "sessionRefresh",
    "sessionRevoke",
    "sessionsRevoke",
    "termsAccept",
}
"""What an adult who only sees a household still changes: its own account, and another household that it declares."""

OF_AN_AGENT = {
    AgentRight.ATTENDANCE: Observed(
        {*found_again("WaitingEntry"), "attendanceSheet", "dayList", "waitingList"}, {"attendanceRecord"}
    ),
    AgentRight.BILLING: Observed(
        # A mandate that waits keeps another from being made.
        {
            *MONEY,
            *LEDGER,
            *DEBIT,
            *ASKED_FOR_DEBIT,
            *DEBITS,
            *REMITTANCES,
            *found_again("InvoiceRun"),
            *found_again("Deposit"),
            "deposits",
            "drawerPayments",
            "householdAccount",
            "overdueInvoices",
            "paymentPlanAgree",
            "paymentPlanWithdraw",
            "treasuryStatement",
            "invoiceRuns",
            "invoiceRunContinue",
            "invoiceRunIssue",
            "invoiceRunStart",
            "mandates",
        },
        {
            *LEDGER,
            *DEBIT,
            "directDebitDecide",
            "billSharesRecord",
            "directDebitIbanRead",
            "invoiceRunContinue",
            "collectionReject",  # the planted remittance was sent
            "invoiceRunIssue",
            "invoiceRunStart",
            "onlineInvoicesJoin",
            "onlineInvoicesLeave",
            "paymentPlanAgree",
            "paymentPlanWithdraw",
            "refundRecord",
            "titresRecord",
        },
    ),
    AgentRight.FAMILIES: Observed(
        {
            *A_FILE,
            *WORK,
            "absenceDecide",
            "absenceRecordPreview",
            "absenceReports",
            "accountInvite",
            "contactCreate",  # the contact is kept away by then: it is neither updated nor removed
            "bookingsRecordPreview",
            "documentDecide",
            "documentsToDecide",
            "dossierDecide",
            "dossiersToDecide",
            "householdCreate",
            "households",
            "piecesRequest",
            "requestQueue",
        },
        {
            *WORK,
            *READINGS,
            "absenceDecide",
            "absenceRecord",
            "accountInvite",
            "childCreate",
            "contactCreate",
            "courtDecisionLift",
            "courtDecisionRecord",
            "bookingsRecord",
            "documentDecide",
            "dossierDecide",
            "enrolmentEnd",
            "enrolmentRecord",
            "householdCorrect",
            "householdCreate",
            "membershipRightsSet",
            "piecesRequest",
            "quotientRecord",
            "serviceKeyIssue",
        },
    ),
    # The key of an article is kept for the agent, and here it is a word of ours: a row with our mark, not ours.
    AgentRight.SETTINGS: Observed(
        {*found_again("StuckEffect"), "stuckEffects"},
        {"articlePublish", "closureRecord", "effectRetry", "payfipActivationStart", "publicPagePublish"},
    ),
}
OF_A_FULL_AGENT = Observed(
    # The mandate that waited was decided with its request by then; who is invited has the address that was written.
    sees=set().union(*(each.sees for each in OF_AN_AGENT.values())) - {"directDebitJoin"} | {"agentInvite"},
    changes=set().union(*(each.changes for each in OF_AN_AGENT.values())) - {"directDebitDecide"} | {"directDebitJoin"},
)
