"""Who the families are: households, their people, their quotient, what changes of them."""
