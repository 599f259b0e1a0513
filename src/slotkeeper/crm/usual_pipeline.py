"""The pipeline that a company begins with. Pure."""

from slotkeeper.crm.pipeline import Milestone, NewStage

_STAGES: tuple[tuple[str, str, str, float, Milestone | None], ...] = (
    ("Lead", "Anfrage", "#94a3b8", 10, None),
    ("Qualified", "Qualifiziert", "#38bdf8", 25, "start"),
    ("Meeting", "Termin", "#818cf8", 40, "demo"),
    ("Offer", "Angebot", "#f59e0b", 60, "offer"),
    ("Negotiation", "Verhandlung", "#f97316", 80, None),
    ("Won", "Gewonnen", "#22c55e", 100, None),
    ("Lost", "Verloren", "#ef4444", 0, None),
)


def usual_name(language: str) -> str:
    return "Vertrieb" if language == "de" else "Sales"


def usual_stages(language: str) -> tuple[NewStage, ...]:
    """English where there is no translation."""
    return tuple(
        NewStage(
            name=german if language == "de" else english,
            color=color,
            is_won=english == "Won",
            is_lost=english == "Lost",
            win_probability=probability,
            sales_milestone=milestone,
        )
        for english, german, color, probability, milestone in _STAGES
    )
