"""What families owe: prices, invoice runs, invoices, credit notes, accounts."""
