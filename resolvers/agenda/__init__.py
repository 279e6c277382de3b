"""What families book: enrolments, plans, places, waiting lists, receipts, reminders."""
