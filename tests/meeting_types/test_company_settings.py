import pytest

from slotkeeper.meeting_types.company_settings import CompanySetting, in_effect
from slotkeeper.records.meeting_options import Setting


@pytest.mark.parametrize(
    ("setting", "company", "expected"),
    [
        pytest.param("enabled", "disabled", True, id="its own, on"),
        pytest.param("disabled", "enabled", False, id="its own, off"),
        pytest.param("useCompanySettings", "enabled", True, id="the company's, on"),
        pytest.param("useCompanySettings", "disabled", False, id="the company's, off"),
    ],
)
def test_a_meeting_type_decides_itself_or_leaves_it_to_the_company(
    setting: Setting, company: CompanySetting, expected: bool
) -> None:
    assert in_effect(setting, company) is expected
