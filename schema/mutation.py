"""The root of writes: a table of contents. ``answer`` turns an expected refusal into ``userErrors``."""

from typing import Annotated

import strawberry

from resolvers.context import AgentRight
from schema import (
    accounts,
    activities,
    attendance,
    billing,
    bookings,
    dossiers,
    effects,
    email_changes,
    household_declarations,
    news,
    particulars,
    payments,
    quotients,
    requests,
    second_factor,
    service_keys,
    sign_up,
    vault,
)
from schema.access import AGENT, FAMILY, PUBLIC, SIGNED_IN, mutation
from schema.payloads import Info, answer

INPUT = strawberry.argument(description="What to do.")


@strawberry.type(description="What one may do.")
class Mutation:
    """One line per thing people do; the work is in the domain files."""

    @mutation(access=PUBLIC, description="Make an account usable by its mailed link.", single=True)
    async def account_activate(
        self, info: Info, input: Annotated[accounts.AccountActivateInput, INPUT]
    ) -> accounts.AccountActivatePayload:
        """See ``schema.accounts``."""
        return await answer(accounts.AccountActivatePayload, accounts.activate(info.context, input))

    @mutation(access=PUBLIC, description="Ask for an account, where families open theirs alone; a mail follows.")
    async def account_create(
        self, info: Info, input: Annotated[sign_up.AccountCreateInput, INPUT]
    ) -> sign_up.AccountCreatePayload:
        """See ``schema.sign_up``."""
        return await answer(sign_up.AccountCreatePayload, sign_up.create(info.context, input))

    @mutation(
        access=AGENT(AgentRight.FAMILIES),
        description="Open an account for a person and mail its activation, or mail it again.",
    )
    async def account_invite(
        self, info: Info, input: Annotated[accounts.AccountInviteInput, INPUT]
    ) -> accounts.AccountInvitePayload:
        """See ``schema.accounts``."""
        return await answer(accounts.AccountInvitePayload, accounts.invite(info.context, input))

    @mutation(access=AGENT(AgentRight.FAMILIES), description="Make a « clé enfance » for a representative; shown once.")
    async def service_key_issue(
        self, info: Info, input: Annotated[service_keys.ServiceKeyIssueInput, INPUT]
    ) -> service_keys.ServiceKeyIssuePayload:
        """See ``schema.service_keys``."""
        return await answer(service_keys.ServiceKeyIssuePayload, service_keys.issue(info.context, input))

    @mutation(access=FAMILY, description="Open a household by the « clé enfance » an agent told.", single=True)
    async def service_key_use(
        self, info: Info, input: Annotated[service_keys.ServiceKeyUseInput, INPUT]
    ) -> service_keys.ServiceKeyUsePayload:
        """See ``schema.service_keys``."""
        return await answer(service_keys.ServiceKeyUsePayload, service_keys.use(info.context, input))

    @mutation(access=PUBLIC, description="Sign in with a login or an e-mail address.", single=True)
    async def session_open(
        self, info: Info, input: Annotated[accounts.SessionOpenInput, INPUT]
    ) -> accounts.SessionOpenPayload:
        """See ``schema.accounts``."""
        return await answer(accounts.SessionOpenPayload, accounts.open_session(info.context, input))

    @mutation(access=PUBLIC, description="Exchange a refresh token for new tokens.", single=True)
    async def session_refresh(
        self, info: Info, input: Annotated[accounts.SessionRefreshInput, INPUT]
    ) -> accounts.SessionRefreshPayload:
        """See ``schema.accounts``."""
        return await answer(accounts.SessionRefreshPayload, accounts.refresh(info.context, input))

    @mutation(access=SIGNED_IN, description="Sign out this device.")
    async def session_close(self, info: Info) -> accounts.SessionClosePayload:
        """See ``schema.accounts``."""
        return await answer(accounts.SessionClosePayload, accounts.close(info.context))

    @mutation(access=SIGNED_IN, description="Sign out one of one's own devices.")
    async def session_revoke(
        self, info: Info, input: Annotated[accounts.SessionRevokeInput, INPUT]
    ) -> accounts.SessionRevokePayload:
        """See ``schema.accounts``."""
        return await answer(accounts.SessionRevokePayload, accounts.revoke(info.context, input))

    @mutation(access=SIGNED_IN, description="Sign out all of one's other devices.")
    async def sessions_revoke(self, info: Info) -> accounts.SessionsRevokePayload:
        """See ``schema.accounts``."""
        return await answer(accounts.SessionsRevokePayload, accounts.revoke_others(info.context))

    @mutation(access=AGENT(), description="Draw the secret of one's own one-time codes; shown once.", single=True)
    async def second_factor_start(
        self, info: Info, input: Annotated[second_factor.SecondFactorStartInput, INPUT]
    ) -> second_factor.SecondFactorStartPayload:
        """See ``schema.second_factor``."""
        return await answer(second_factor.SecondFactorStartPayload, second_factor.start(info.context, input))

    @mutation(access=AGENT(), description="Ask for a one-time code at each sign-in from now on.", single=True)
    async def second_factor_confirm(
        self, info: Info, input: Annotated[second_factor.SecondFactorConfirmInput, INPUT]
    ) -> second_factor.SecondFactorConfirmPayload:
        """See ``schema.second_factor``."""
        return await answer(second_factor.SecondFactorConfirmPayload, second_factor.confirm(info.context, input))

    @mutation(access=AGENT(AgentRight.SETTINGS), description="Let a colleague sign in without a one-time code.")
    async def second_factor_remove(
        self, info: Info, input: Annotated[second_factor.SecondFactorRemoveInput, INPUT]
    ) -> second_factor.SecondFactorRemovePayload:
        """See ``schema.second_factor``."""
        return await answer(second_factor.SecondFactorRemovePayload, second_factor.remove(info.context, input))

    @mutation(access=PUBLIC, description="Confirm another e-mail address by one of the two mailed links.", single=True)
    async def email_change_confirm(
        self, info: Info, input: Annotated[email_changes.EmailChangeConfirmInput, INPUT]
    ) -> email_changes.EmailChangeConfirmPayload:
        """See ``schema.email_changes``."""
        return await answer(email_changes.EmailChangeConfirmPayload, email_changes.confirm(info.context, input))

    @mutation(access=SIGNED_IN, description="Ask for another e-mail address; both are mailed a link.", single=True)
    async def email_change_request(
        self, info: Info, input: Annotated[email_changes.EmailChangeRequestInput, INPUT]
    ) -> email_changes.EmailChangeRequestPayload:
        """See ``schema.email_changes``."""
        return await answer(email_changes.EmailChangeRequestPayload, email_changes.ask(info.context, input))

    @mutation(access=PUBLIC, description="Tick the rules of the password policy for a candidate; nothing is kept.")
    async def password_check(
        self, info: Info, input: Annotated[accounts.PasswordCheckInput, INPUT]
    ) -> accounts.PasswordCheckPayload:
        """See ``schema.accounts``."""
        return await answer(accounts.PasswordCheckPayload, accounts.check_password(info.context, input))

    @mutation(access=SIGNED_IN, description="Replace one's password; other devices are signed out.", single=True)
    async def password_change(
        self, info: Info, input: Annotated[accounts.PasswordChangeInput, INPUT]
    ) -> accounts.PasswordChangePayload:
        """See ``schema.accounts``."""
        return await answer(accounts.PasswordChangePayload, accounts.change_password(info.context, input))

    @mutation(access=PUBLIC, description="Mail a way back in; the answer never tells whether an account exists.")
    async def password_reset_request(
        self, info: Info, input: Annotated[accounts.PasswordResetRequestInput, INPUT]
    ) -> accounts.PasswordResetRequestPayload:
        """See ``schema.accounts``."""
        return await answer(accounts.PasswordResetRequestPayload, accounts.request_reset(info.context, input))

    @mutation(access=PUBLIC, description="Choose a new password by a mailed link.", single=True)
    async def password_reset(
        self, info: Info, input: Annotated[accounts.PasswordResetInput, INPUT]
    ) -> accounts.PasswordResetPayload:
        """See ``schema.accounts``."""
        return await answer(accounts.PasswordResetPayload, accounts.reset_password(info.context, input))

    @mutation(access=SIGNED_IN, description="Accept the current terms of use.")
    async def terms_accept(
        self, info: Info, input: Annotated[accounts.TermsAcceptInput, INPUT]
    ) -> accounts.TermsAcceptPayload:
        """See ``schema.accounts``."""
        return await answer(accounts.TermsAcceptPayload, accounts.accept_terms(info.context, input))

    @mutation(access=FAMILY, description="Declare one's household, where new families do; an agent accepts it.")
    async def household_declare(
        self, info: Info, input: Annotated[household_declarations.HouseholdDeclareInput, INPUT]
    ) -> household_declarations.HouseholdDeclarePayload:
        """See ``schema.household_declarations``."""
        declared = household_declarations.declare(info.context, input)
        return await answer(household_declarations.HouseholdDeclarePayload, declared)

    @mutation(access=FAMILY, description="Say that a household the service filled in is right.")
    async def household_confirm(
        self, info: Info, input: Annotated[household_declarations.HouseholdConfirmInput, INPUT]
    ) -> household_declarations.HouseholdConfirmPayload:
        """See ``schema.household_declarations``."""
        confirmed = household_declarations.confirm(info.context, input)
        return await answer(household_declarations.HouseholdConfirmPayload, confirmed)

    @mutation(access=FAMILY, description="Change a member's particulars, or ask for it where an agent decides.")
    async def person_update(
        self, info: Info, input: Annotated[particulars.PersonUpdateInput, INPUT]
    ) -> particulars.PersonUpdatePayload:
        """See ``schema.particulars``."""
        return await answer(particulars.PersonUpdatePayload, particulars.update_person(info.context, input))

    @mutation(access=AGENT(AgentRight.FAMILIES), description="Apply one change of a particular, or refuse it.")
    async def field_change_decide(
        self, info: Info, input: Annotated[particulars.FieldChangeDecideInput, INPUT]
    ) -> particulars.FieldChangeDecidePayload:
        """See ``schema.particulars``."""
        return await answer(particulars.FieldChangeDecidePayload, particulars.decide_change(info.context, input))

    @mutation(access=FAMILY, description="Declare the household's « quotient familial », with its notice.")
    async def quotient_declare(
        self, info: Info, input: Annotated[quotients.QuotientDeclareInput, INPUT]
    ) -> quotients.QuotientDeclarePayload:
        """See ``schema.quotients``."""
        return await answer(quotients.QuotientDeclarePayload, quotients.declare(info.context, input))

    @mutation(access=FAMILY, description="Ask the family allowance fund for one's « quotient familial ».", single=True)
    async def quotient_fetch(
        self, info: Info, input: Annotated[quotients.QuotientFetchInput, INPUT]
    ) -> quotients.QuotientFetchPayload:
        """See ``schema.quotients``."""
        return await answer(quotients.QuotientFetchPayload, quotients.fetch(info.context, input))

    @mutation(access=AGENT(AgentRight.FAMILIES), description="Record a household's « quotient familial ».")
    async def quotient_record(
        self, info: Info, input: Annotated[quotients.QuotientRecordInput, INPUT]
    ) -> quotients.QuotientRecordPayload:
        """See ``schema.quotients``."""
        return await answer(quotients.QuotientRecordPayload, quotients.record(info.context, input))

    @mutation(access=FAMILY, description="Keep the answers given so far in a child's yearly file.")
    async def dossier_save(
        self, info: Info, input: Annotated[dossiers.DossierSaveInput, INPUT]
    ) -> dossiers.DossierSavePayload:
        """See ``schema.dossiers``."""
        return await answer(dossiers.DossierSavePayload, dossiers.save(info.context, input))

    @mutation(access=FAMILY, description="Send a child's yearly file to the service.")
    async def dossier_submit(
        self, info: Info, input: Annotated[dossiers.DossierSubmitInput, INPUT]
    ) -> dossiers.DossierSubmitPayload:
        """See ``schema.dossiers``."""
        return await answer(dossiers.DossierSubmitPayload, dossiers.submit(info.context, input))

    @mutation(access=AGENT(AgentRight.FAMILIES), description="Accept or refuse a yearly file.")
    async def dossier_decide(
        self, info: Info, input: Annotated[dossiers.DossierDecideInput, INPUT]
    ) -> dossiers.DossierDecidePayload:
        """See ``schema.dossiers``."""
        return await answer(dossiers.DossierDecidePayload, dossiers.decide(info.context, input))

    @mutation(access=FAMILY, description="Take a document out of the household's vault; its file is erased.")
    async def document_withdraw(
        self, info: Info, input: Annotated[vault.DocumentWithdrawInput, INPUT]
    ) -> vault.DocumentWithdrawPayload:
        """See ``schema.vault``."""
        return await answer(vault.DocumentWithdrawPayload, vault.withdraw(info.context, input))

    @mutation(access=AGENT(AgentRight.FAMILIES), description="Accept or refuse a document; the family reads why.")
    async def document_decide(
        self, info: Info, input: Annotated[vault.DocumentDecideInput, INPUT]
    ) -> vault.DocumentDecidePayload:
        """See ``schema.vault``."""
        return await answer(vault.DocumentDecidePayload, vault.decide(info.context, input))

    @mutation(access=FAMILY, description="Ask a service a question that has no form of its own.")
    async def request_create(
        self, info: Info, input: Annotated[requests.RequestCreateInput, INPUT]
    ) -> requests.RequestCreatePayload:
        """See ``schema.requests``."""
        return await answer(requests.RequestCreatePayload, requests.create(info.context, input))

    @mutation(access=FAMILY, description="Write to the service about a request, with documents.")
    async def request_answer(
        self, info: Info, input: Annotated[requests.RequestAnswerInput, INPUT]
    ) -> requests.RequestAnswerPayload:
        """See ``schema.requests``."""
        return await answer(requests.RequestAnswerPayload, requests.answer_service(info.context, input))

    @mutation(access=FAMILY, description="Give up a request that is not decided yet.")
    async def request_cancel(
        self, info: Info, input: Annotated[requests.RequestCancelInput, INPUT]
    ) -> requests.RequestCancelPayload:
        """See ``schema.requests``."""
        return await answer(requests.RequestCancelPayload, requests.cancel(info.context, input))

    @mutation(access=AGENT(AgentRight.FAMILIES), description="Take a request into review; the family is told.")
    async def request_review(
        self, info: Info, input: Annotated[requests.RequestReviewInput, INPUT]
    ) -> requests.RequestReviewPayload:
        """See ``schema.requests``."""
        return await answer(requests.RequestReviewPayload, requests.review(info.context, input))

    @mutation(
        access=AGENT(AgentRight.FAMILIES),
        description="Write to the family about a request, and wait for its answer or not.",
    )
    async def request_reply(
        self, info: Info, input: Annotated[requests.RequestReplyInput, INPUT]
    ) -> requests.RequestReplyPayload:
        """See ``schema.requests``."""
        return await answer(requests.RequestReplyPayload, requests.reply(info.context, input))

    @mutation(access=AGENT(AgentRight.FAMILIES), description="Accept or refuse a request, and apply what it asks.")
    async def request_decide(
        self, info: Info, input: Annotated[requests.RequestDecideInput, INPUT]
    ) -> requests.RequestDecidePayload:
        """See ``schema.requests``."""
        return await answer(requests.RequestDecidePayload, requests.decide(info.context, input))

    @mutation(access=FAMILY, description="Enrol a child in an activity that is enrolled online.")
    async def enrolment_create(
        self, info: Info, input: Annotated[activities.EnrolmentCreateInput, INPUT]
    ) -> activities.EnrolmentCreatePayload:
        """See ``schema.activities``."""
        return await answer(activities.EnrolmentCreatePayload, activities.enrol(info.context, input))

    @mutation(
        access=FAMILY, description="Tell what committing a wanted set would do now; nothing is kept.", cost_per_day=1
    )
    async def bookings_preview(
        self, info: Info, input: Annotated[bookings.BookingsPreviewInput, INPUT]
    ) -> bookings.BookingsPreviewPayload:
        """See ``schema.bookings``."""
        return await answer(bookings.BookingsPreviewPayload, bookings.preview(info.context, input))

    @mutation(access=FAMILY, description="Make a wanted set of bookings true, and mail what changed.", cost_per_day=1)
    async def bookings_commit(
        self, info: Info, input: Annotated[bookings.BookingsCommitInput, INPUT]
    ) -> bookings.BookingsCommitPayload:
        """See ``schema.bookings``."""
        return await answer(bookings.BookingsCommitPayload, bookings.commit(info.context, input))

    @mutation(access=AGENT(AgentRight.ATTENDANCE), description="Record who came; harmless when sent twice.")
    async def attendance_record(
        self, info: Info, input: Annotated[attendance.AttendanceRecordInput, INPUT]
    ) -> attendance.AttendanceRecordPayload:
        """See ``schema.attendance``."""
        return await answer(attendance.AttendanceRecordPayload, attendance.record(info.context, input))

    @mutation(access=AGENT(AgentRight.BILLING), description="Draw the draft invoices of a month from what was checked.")
    async def invoices_prepare(
        self, info: Info, input: Annotated[billing.InvoicesPrepareInput, INPUT]
    ) -> billing.InvoicesPreparePayload:
        """See ``schema.billing``."""
        return await answer(billing.InvoicesPreparePayload, billing.prepare(info.context, input))

    @mutation(access=AGENT(AgentRight.BILLING), description="Issue the drafts of a month and mail the families.")
    async def invoices_issue(
        self, info: Info, input: Annotated[billing.InvoicesIssueInput, INPUT]
    ) -> billing.InvoicesIssuePayload:
        """See ``schema.billing``."""
        return await answer(billing.InvoicesIssuePayload, billing.issue(info.context, input))

    @mutation(access=FAMILY, description="Open an online payment; send the person to its `redirectUrl`.")
    async def payment_start(
        self, info: Info, input: Annotated[payments.PaymentStartInput, INPUT]
    ) -> payments.PaymentStartPayload:
        """See ``schema.payments``."""
        return await answer(payments.PaymentStartPayload, payments.start(info.context, input))

    @mutation(access=FAMILY, description="Ask the bank now what became of a payment.")
    async def payment_refresh(
        self, info: Info, input: Annotated[payments.PaymentRefreshInput, INPUT]
    ) -> payments.PaymentRefreshPayload:
        """See ``schema.payments``."""
        return await answer(payments.PaymentRefreshPayload, payments.refresh(info.context, input))

    @mutation(access=AGENT(AgentRight.SETTINGS), description="Publish a piece of news.")
    async def article_publish(
        self, info: Info, input: Annotated[news.ArticlePublishInput, INPUT]
    ) -> news.ArticlePublishPayload:
        """See ``schema.news``."""
        return await answer(news.ArticlePublishPayload, news.publish(info.context, input))

    @mutation(access=AGENT(AgentRight.SETTINGS), description="Do again what could not be done outside.")
    async def effect_retry(
        self, info: Info, input: Annotated[effects.EffectRetryInput, INPUT]
    ) -> effects.EffectRetryPayload:
        """See ``schema.effects``."""
        return await answer(effects.EffectRetryPayload, effects.retry(info.context, input))
