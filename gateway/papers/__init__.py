"""What is printed: accessible PDF of invoices, receipts, statements, mandates, sheets and lists."""
