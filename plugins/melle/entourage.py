"""« Entourage » (case 2 of the guide, step 2): what a family declares of its household, checked by an agent."""

from plugins.hookspecs import hookimpl
from plugins.rules.features import FieldPolicies, FieldPolicy, Review, Visibility
from plugins.rules.identity import Service

REQUIRED = FieldPolicy(Visibility.REQUIRED, Review.AGENT)
OPTIONAL = FieldPolicy(Visibility.EDITABLE, Review.AGENT)

# The stars of the form. Number, building, flat and the rest of an address are written with the name of the street.
FORM = {
    "person.title": REQUIRED,
    "person.last_name": REQUIRED,  # « nom d'usage »
    "person.birth_name": OPTIONAL,  # « nom de famille »
    "person.first_name": REQUIRED,
    "person.birth_date": OPTIONAL,
    "person.street": REQUIRED,
    "person.postcode": REQUIRED,
    "person.town": REQUIRED,
    "person.country": REQUIRED,
    "person.phone": OPTIONAL,
    "person.email": FieldPolicy(Visibility.EDITABLE),  # « une fois connecté vous pourrez modifier vos identifiants »
}


@hookimpl
def field_policies(service: Service) -> FieldPolicies:
    """« La demande est transmise à nos services, elle doit être validée »: nothing is true before an agent says so.

    The telephone is ours: the part of the form that the guide shows stops before it.
    """
    return FieldPolicies(FORM, default=FieldPolicy(Visibility.SHOWN))
