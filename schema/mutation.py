"""The root of writes: a table of contents."""

import strawberry

from resolvers.context import AgentRight
from schema import (
    absences,
    accounts,
    activities,
    agents,
    attendance,
    baskets,
    bill_shares,
    bookings,
    calendar_feeds,
    capacities,
    closures,
    consents,
    corrections,
    counter_payments,
    credit_notes,
    custody,
    deposits,
    dossier_review,
    dossiers,
    effects,
    email_changes,
    entourage,
    household_declarations,
    invoice_runs,
    mandates,
    news,
    online_invoices,
    particulars,
    payfip,
    payment_plans,
    payments,
    public,
    quotients,
    reminders,
    remittances,
    requests,
    second_factor,
    service_keys,
    sign_up,
    simulations,
    titres,
    vault,
    waiting_lists,
    write_offs,
)
from schema.access import AGENT, FAMILY, PUBLIC, SIGNED_IN
from schema.doing import does
from schema.family_mutation import FamilyMutation


@strawberry.type(description="What one may do.")
class Mutation(FamilyMutation):
    """One line per thing people do: the function of the domain file, who may, and what for."""

    account_activate = does(accounts.activate, PUBLIC, "Make an account usable by its mailed link.", single=True)
    account_create = does(
        sign_up.create, PUBLIC, "Ask for an account, where families open theirs alone; a mail follows."
    )
    account_invite = does(
        accounts.invite,
        AGENT(AgentRight.FAMILIES),
        "Open an account for a person and mail its activation, or mail it again.",
    )
    agent_invite = does(
        agents.invite,
        AGENT(AgentRight.SETTINGS),
        "Open a colleague's account, with no right that one has not, and mail its activation, or mail it again.",
    )
    agent_change = does(
        agents.change, AGENT(AgentRight.SETTINGS), "Change what a colleague may do; it is signed out everywhere."
    )
    service_key_issue = does(
        service_keys.issue, AGENT(AgentRight.FAMILIES), "Make a « clé enfance » for a representative; shown once."
    )
    service_key_use = does(
        service_keys.use, FAMILY, "Open a household by the « clé enfance » an agent told.", single=True
    )
    session_open = does(accounts.open_session, PUBLIC, "Sign in with a login or an e-mail address.", single=True)
    session_refresh = does(accounts.refresh, PUBLIC, "Exchange a refresh token for new tokens.", single=True)
    session_close = does(accounts.close, SIGNED_IN, "Sign out this device.")
    session_revoke = does(accounts.revoke, SIGNED_IN, "Sign out one of one's own devices.")
    sessions_revoke = does(accounts.revoke_others, SIGNED_IN, "Sign out all of one's other devices.")
    second_factor_start = does(
        second_factor.start, AGENT(), "Draw the secret of one's own one-time codes; shown once.", single=True
    )
    second_factor_confirm = does(
        second_factor.confirm, AGENT(), "Ask for a one-time code at each sign-in from now on.", single=True
    )
    second_factor_remove = does(
        second_factor.remove, AGENT(AgentRight.SETTINGS), "Let a colleague sign in without a one-time code."
    )
    email_change_confirm = does(
        email_changes.confirm, PUBLIC, "Confirm another e-mail address by one of the two mailed links.", single=True
    )
    email_change_request = does(
        email_changes.ask, SIGNED_IN, "Ask for another e-mail address; both are mailed a link.", single=True
    )
    password_check = does(
        accounts.check_password, PUBLIC, "Tick the rules of the password policy for a candidate; nothing is kept."
    )
    password_change = does(
        accounts.change_password, SIGNED_IN, "Replace one's password; other devices are signed out.", single=True
    )
    password_reset_request = does(
        accounts.request_reset, PUBLIC, "Mail a way back in; the answer never tells whether an account exists."
    )
    password_reset = does(accounts.reset_password, PUBLIC, "Choose a new password by a mailed link.", single=True)
    terms_accept = does(accounts.accept_terms, SIGNED_IN, "Accept the current terms of use.")
    household_declare = does(
        household_declarations.declare, FAMILY, "Declare one's household, where new families do; an agent accepts it."
    )
    household_confirm = does(
        household_declarations.confirm, FAMILY, "Say that a household the service filled in is right."
    )
    person_update = does(
        particulars.update_person, FAMILY, "Change a member's particulars, or ask for it where an agent decides."
    )
    contact_create = does(
        entourage.add_contact, SIGNED_IN, "Add somebody to the entourage, and say what this person may do."
    )
    contact_update = does(entourage.allow_contact, SIGNED_IN, "Replace what a contact may do about the children.")
    contact_remove = does(entourage.remove_contact, SIGNED_IN, "Take a contact out; its history stays.")
    child_create = does(entourage.add_child, SIGNED_IN, "Add a child to the household, or ask the service to.")
    custody_record = does(
        custody.record, AGENT(AgentRight.FAMILIES), "Record from which day each household of a child has it when."
    )
    person_correct = does(
        corrections.correct_person,
        AGENT(AgentRight.FAMILIES),
        "Correct somebody's particulars; the family reads what changed and why.",
    )
    household_correct = does(
        corrections.correct_household,
        AGENT(AgentRight.FAMILIES),
        "Correct where a household lives, or its name; the family reads what changed and why.",
    )
    account_email_replace = does(
        corrections.replace_email,
        AGENT(AgentRight.FAMILIES),
        "Give another address to who lost the old mailbox, once its identity was checked.",
    )
    field_change_decide = does(
        particulars.decide_change, AGENT(AgentRight.FAMILIES), "Apply one change of a particular, or refuse it."
    )
    quotient_declare = does(
        quotients.declare, FAMILY, "Declare the household's « quotient familial », with its notice."
    )
    quotient_fetch = does(
        quotients.fetch, FAMILY, "Ask the family allowance fund for one's « quotient familial ».", single=True
    )
    quotient_record = does(quotients.record, AGENT(AgentRight.FAMILIES), "Record a household's « quotient familial ».")
    dossier_save = does(dossiers.save, FAMILY, "Keep the answers given so far in a child's yearly file.")
    dossier_submit = does(dossiers.submit, FAMILY, "Send a child's yearly file to the service.")
    dossier_cancel = does(dossiers.cancel, FAMILY, "Give a yearly file up: take back what was sent, or empty a draft.")
    consent_change = does(
        consents.change, FAMILY, "Take back a consent that was given, or give it again; it holds at once."
    )
    pieces_request = does(
        dossier_review.ask_pieces, AGENT(AgentRight.FAMILIES), "Ask the family for documents of a yearly file."
    )
    dossier_decide = does(dossier_review.decide, AGENT(AgentRight.FAMILIES), "Accept or refuse a yearly file.")
    document_withdraw = does(
        vault.withdraw, FAMILY, "Take a document out of the household's vault; its file is erased."
    )
    document_decide = does(
        vault.decide, AGENT(AgentRight.FAMILIES), "Accept or refuse a document; the family reads why."
    )
    request_create = does(requests.create, FAMILY, "Ask a service a question that has no form of its own.")
    request_answer = does(requests.answer_service, FAMILY, "Write to the service about a request, with documents.")
    request_cancel = does(requests.cancel, FAMILY, "Give up a request that is not decided yet.")
    request_review = does(
        requests.review, AGENT(AgentRight.FAMILIES), "Take a request into review; the family is told."
    )
    request_reply = does(
        requests.reply,
        AGENT(AgentRight.FAMILIES),
        "Write to the family about a request, and wait for its answer or not.",
    )
    request_decide = does(
        requests.decide, AGENT(AgentRight.FAMILIES), "Accept or refuse a request, and apply what it asks."
    )
    enrolment_create = does(
        activities.enrol, FAMILY, "Enrol a child in an activity that is enrolled online, at once or by an agent."
    )
    enrolment_record = does(
        activities.record, AGENT(AgentRight.FAMILIES), "Enrol a child for its family, whatever the activity asks."
    )
    enrolment_end = does(activities.end, SIGNED_IN, "End an enrolment from a day on, for the family or by an agent.")
    capacity_preview = does(
        capacities.preview,
        AGENT(AgentRight.ATTENDANCE),
        "Tell what another number of places would do; nothing is kept.",
        cost_per_day=1,
    )
    capacity_change = does(
        capacities.change,
        AGENT(AgentRight.ATTENDANCE),
        "Change how many places a pool has on some days; new ones are offered to who waits.",
        cost_per_day=1,
    )
    offer_accept = does(waiting_lists.accept, FAMILY, "Book the place that is offered, as any booking.")
    offer_decline = does(
        waiting_lists.decline, FAMILY, "Leave the place that is offered to the next, and wait no more."
    )
    waiting_list_join = does(
        waiting_lists.join, FAMILY, "Have a child wait for a place on a full day; a freed one is offered in turn."
    )
    waiting_list_leave = does(waiting_lists.leave, FAMILY, "Wait no more; a place that is offered goes to the next.")
    bookings_preview = does(
        bookings.preview, FAMILY, "Tell what committing a wanted set would do now; nothing is kept.", cost_per_day=1
    )
    bookings_commit = does(
        bookings.commit, FAMILY, "Make a wanted set of bookings true, and mail what changed.", cost_per_day=1
    )
    basket_empty = does(baskets.empty, FAMILY, "Give a basket up, and the places it holds.")
    basket_save = does(
        baskets.save, FAMILY, "Keep a wanted set on the server, and hold its limited places.", cost_per_day=1
    )
    basket_commit = does(baskets.commit, FAMILY, "Make a basket true as `bookingsCommit` does, and empty it.")
    absence_preview = does(
        absences.preview, FAMILY, "Tell what reporting an absence would do now; nothing is kept.", cost_per_day=1
    )
    absence_report = does(
        absences.report,
        FAMILY,
        "Report a child's absence: what can be is cancelled, the rules say what stays due of the rest.",
        cost_per_day=1,
    )
    absence_prove = does(absences.prove, FAMILY, "Add a document to a report: the rules decide again.")
    absence_decide = does(
        absences.decide, AGENT(AgentRight.FAMILIES), "Decide what stays due of an absence, or of some of its days."
    )
    closure_preview = does(
        closures.preview, AGENT(AgentRight.SETTINGS), "Tell what closing units for everybody would do; nothing is kept."
    )
    closure_record = does(
        closures.record,
        AGENT(AgentRight.SETTINGS),
        "Close units on some days for everybody: bookings are cancelled, nothing is due, families are mailed.",
    )
    closure_withdraw = does(
        closures.withdraw, AGENT(AgentRight.SETTINGS), "Open closed days again; who was booked is told."
    )
    attendance_record = does(
        attendance.record, AGENT(AgentRight.ATTENDANCE), "Record who came; harmless when sent twice."
    )
    calendar_feed_create = does(
        calendar_feeds.create, FAMILY, "Make a secret address where an agenda reads a household's bookings."
    )
    calendar_feed_revoke = does(calendar_feeds.revoke, FAMILY, "Have a secret address open nothing any more.")
    reminder_set = does(
        reminders.set_reminder, FAMILY, "Be mailed so many hours before bookings close, or not any more."
    )
    invoice_run_start = does(
        invoice_runs.start, AGENT(AgentRight.BILLING), "Begin the invoices of a period, and draw a first batch of them."
    )
    invoice_run_continue = does(
        invoice_runs.go_on,
        AGENT(AgentRight.BILLING),
        "Draw, or issue, the next batch at once; the worker does them all by itself, each once.",
    )
    invoice_run_redraw = does(
        invoice_runs.redraw, AGENT(AgentRight.BILLING), "Draw households of a run again, after a correction."
    )
    invoice_run_issue = does(
        invoice_runs.issue, AGENT(AgentRight.BILLING), "Issue a first batch of a run's drafts and mail their families."
    )
    bill_shares_record = does(
        bill_shares.record, AGENT(AgentRight.BILLING), "Record what each household of a child pays of its bill."
    )
    invoice_run_drop = does(invoice_runs.drop, AGENT(AgentRight.BILLING), "Give up a draft run.")
    titres_record = does(
        titres.record,
        AGENT(AgentRight.BILLING),
        "Record the treasury's references of invoices « titres », or correct them.",
    )
    payment_plan_agree = does(
        payment_plans.agree,
        AGENT(AgentRight.BILLING),
        "Have a family pay invoices in equal monthly parts « échéancier »; it is mailed the dates.",
    )
    payment_plan_withdraw = does(
        payment_plans.withdraw, AGENT(AgentRight.BILLING), "End a payment plan: all that it left is due."
    )
    credit_note_issue = does(
        credit_notes.issue,
        AGENT(AgentRight.BILLING),
        "Correct an issued invoice « avoir »; what was paid above becomes the household's credit.",
    )
    counter_payment_record = does(
        counter_payments.record,
        AGENT(AgentRight.BILLING),
        "Book what a family hands over at a desk, and mail its numbered receipt « quittance ».",
    )
    counter_payment_cancel = does(
        counter_payments.cancel,
        AGENT(AgentRight.BILLING),
        "Reverse a payment entered by mistake, or a cheque left unpaid; nothing is erased.",
    )
    deposit_create = does(
        deposits.make,
        AGENT(AgentRight.BILLING),
        "Bank what a drawer holds, on a numbered slip « bordereau de remise ».",
    )
    refund_record = does(
        counter_payments.refund, AGENT(AgentRight.BILLING), "Write down what the commune gave back of a credit."
    )
    write_off_record = does(
        write_offs.record, AGENT(AgentRight.BILLING), "Give up claiming what an invoice owes « non-valeur »."
    )
    remittance_preview = does(
        remittances.preview,
        AGENT(AgentRight.BILLING),
        "Tell which invoices a day would collect by direct debit, and why others not.",
    )
    remittance_create = does(
        remittances.make, AGENT(AgentRight.BILLING), "Write the remittance of a day, one collection per invoice."
    )
    remittance_send = does(
        remittances.send,
        AGENT(AgentRight.BILLING),
        "Send a remittance to the bank: its file may be downloaded from then on, and it is not dropped any more.",
    )
    remittance_book = does(
        remittances.book, AGENT(AgentRight.BILLING), "Book what the bank did not reject of a remittance as paid, once."
    )
    remittance_drop = does(remittances.drop, AGENT(AgentRight.BILLING), "Give up a remittance that was not sent.")
    collection_reject = does(
        remittances.reject,
        AGENT(AgentRight.BILLING),
        "Enter a reject of the bank: what was booked is reversed, the family told.",
    )
    payment_start = does(payments.start, FAMILY, "Open an online payment; send the person to its `redirectUrl`.")
    payment_refresh = does(payments.refresh, FAMILY, "Ask the bank now what became of a payment.")
    payment_decide = does(
        payments.decide,
        AGENT(AgentRight.BILLING),
        "Book, or end, an online payment that the bank does not tell clearly.",
    )
    payfip_activation_start = does(
        payfip.start_activation,
        AGENT(AgentRight.SETTINGS),
        "Open the payment of one euro that activates a régie at PayFiP.",
    )
    payment_reject = does(
        payments.reject,
        AGENT(AgentRight.BILLING),
        "Take back an online payment that a bank took back; the family is told.",
    )
    credit_use = does(counter_payments.use, SIGNED_IN, "Pay invoices out of the household's credit, never twice.")
    direct_debit_preview = does(
        mandates.preview, SIGNED_IN, "Tell what joining direct debit with an account would do; nothing is kept."
    )
    direct_debit_join = does(
        mandates.join,
        SIGNED_IN,
        "Ask to be collected from an account, or from another one; a mandate is made out to sign. Agents do it for "
        "families who write to the service.",
    )
    direct_debit_sign = does(mandates.sign, FAMILY, "Send the signed mandate from the vault; an agent accepts it.")
    direct_debit_decide = does(
        mandates.decide,
        AGENT(AgentRight.BILLING),
        "Accept a signed mandate, from the next invoicing on, or refuse it.",
    )
    direct_debit_suspend = does(mandates.suspend, SIGNED_IN, "Have nothing collected until it is resumed.")
    direct_debit_resume = does(mandates.resume, SIGNED_IN, "Have invoices collected again, from the next one on.")
    direct_debit_end = does(mandates.end, SIGNED_IN, "Have nothing collected any more.")
    direct_debit_iban_read = does(
        mandates.read_iban, AGENT(AgentRight.BILLING), "Read the whole account of a mandate; the reading is kept."
    )
    online_invoices_join = does(
        online_invoices.join, SIGNED_IN, "Ask for invoices online instead of paper « facture en ligne »."
    )
    online_invoices_leave = does(online_invoices.leave, SIGNED_IN, "Come back to invoices on paper; it holds at once.")
    tariff_simulate = does(
        simulations.simulate, PUBLIC, "Tell what a month would cost in a situation; nothing is kept.", single=True
    )
    article_publish = does(news.publish, AGENT(AgentRight.SETTINGS), "Publish a piece of news.")
    article_withdraw = does(news.withdraw, AGENT(AgentRight.SETTINGS), "Take a piece of news back.")
    public_page_publish = does(
        public.publish_page,
        AGENT(AgentRight.SETTINGS),
        "Publish a document or practical information for everybody; one of a file alone is read once it is sent.",
    )
    public_page_withdraw = does(public.withdraw_page, AGENT(AgentRight.SETTINGS), "Take a public page back.")
    menu_publish = does(
        public.publish_menu,
        AGENT(AgentRight.SETTINGS),
        "Publish the menu of a site for a week, in place of the one before.",
    )
    menu_withdraw = does(public.withdraw_menu, AGENT(AgentRight.SETTINGS), "Take a menu back.")
    effect_retry = does(effects.retry, AGENT(AgentRight.SETTINGS), "Do again what could not be done outside.")
