"""What clients read of companies, settings, communications, notes and tasks, as client_shapes.py has the rest."""

from tests.api.root.crm.client_shapes import Num, Record, Shape, Str


class Company(Shape):
    id: str
    name: str
    domain: Str
    industry: Str
    size: Str
    website: Str
    phone_number: Str
    address: Record | None
    notes: Str
    owner_id: Str
    company_id: str
    custom_fields: Record
    owner: Record | None
    contacts_count: int
    deals_count: int
    total_deals_value: float
    created_at: str
    updated_at: str


class Companies(Shape):
    companies: list[Company]
    total: int
    page: int
    limit: int
    total_pages: int


class CompanySummary(Shape):
    total_companies: int
    total_deals_value: float
    companies_with_deals: int
    by_industry: list[Record]
    by_size: list[Record]


class MeetingHistory(Shape):
    meetings: int
    people: int
    first_meeting_at: Str
    last_meeting_at: Str


class CustomField(Shape):
    id: str
    key: str
    label: str
    type: str
    required: bool
    options: list[str] | None
    order: int


class CustomFields(Shape):
    fields: list[CustomField]


class LostReasons(Shape):
    reasons: list[Record]
    required: bool


class Communication(Shape):
    id: str
    type: str
    direction: str
    subject: Str
    body: Str
    duration_seconds: Num
    outcome: Str
    external_id: Str
    deal_id: Str
    contact_id: Str
    crm_company_id: Str
    logged_by_id: Str
    logged_by_name: Str
    occurred_at: str
    created_at: str
    updated_at: str


class Note(Shape):
    id: str
    content: str
    is_pinned: bool
    deal_id: Str
    contact_id: Str
    crm_company_id: Str
    author_id: Str
    created_at: str
    updated_at: str


class Task(Shape):
    id: str
    title: str
    description: Str
    type: str
    priority: str
    due_date: str
    reminder_at: Str
    completed: bool
    completed_at: Str
    assignee_id: Str
    company_id: str
    crm_company_id: Str
    deal_id: Str
    contact_id: Str
    is_overdue: bool
    crm_company: Record | None
    deal: Record | None
    contact: Record | None
    assignee: Record | None
    created_at: str
    updated_at: str


class Tasks(Shape):
    tasks: list[Task]
    total: int
    page: int
    limit: int
    total_pages: int


class TaskSummary(Shape):
    total_tasks: int
    completed_tasks: int
    overdue_tasks: int
    due_today_tasks: int
    due_this_week_tasks: int
    by_type: list[Record]
    by_priority: list[Record]
