"""Posts that only read (主管部门岗, 审计岗) have no desk; their lists open all the same."""

import pytest

from tests.papers import entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["viewer", "auditor"])
@pytest.mark.parametrize("section", ["budgets/entries", "intents", "plans"])
def test_a_review_list_opens_for_those_who_only_read(as_user, people, unit, clerk, who, section):
    client = as_user(getattr(people, who))
    assert client.get(f"/{section}/review/").status_code == 200
    paper = entry(unit, clerk).perform("submit", clerk)
    shown = client.get(f"/{section}/review/?tab=all").text
    assert (paper.number in shown) == (section == "budgets/entries")
