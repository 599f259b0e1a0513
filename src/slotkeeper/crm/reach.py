"""What is a contact's by their deals, and a deal's by its contacts: SQL on ``x``, of the thing that ``%(id)s`` is.

What hangs on something that was deleted is nobody's any more.
"""

_DEALS_OF_CONTACT = """
    SELECT l.deal_id FROM crm_deal_contacts l
    JOIN crm_deals ld ON ld.company_id = l.company_id AND ld.id = l.deal_id AND ld.deleted_at IS NULL
    WHERE l.company_id = %(company_id)s AND l.contact_id = %(id)s
"""

_CONTACTS_OF_DEAL = """
    SELECT l.contact_id FROM crm_deal_contacts l
    JOIN crm_contacts lk ON lk.company_id = l.company_id AND lk.id = l.contact_id AND lk.deleted_at IS NULL
    WHERE l.company_id = %(company_id)s AND l.deal_id = %(id)s
"""

REACHED_BY = {
    "contact_id": f"(x.contact_id = %(id)s OR x.deal_id = ANY (ARRAY({_DEALS_OF_CONTACT})))",
    "deal_id": f"(x.deal_id = %(id)s OR x.contact_id = ANY (ARRAY({_CONTACTS_OF_DEAL})))",
    "crm_company_id": "x.crm_company_id = %(id)s",
}
"""By what a thing hangs on. A company's are only its own."""
