"""The executors of the sandbox: whom they believe, what their pages say, what they refuse."""

import json

import pytest

from .running import TOKEN, Outside, Sender

ROLES = ("huicai", "wancai", "trading", "agency")
NASTY = '<script>alert(1)</script>"onload=x'


@pytest.fixture(scope="module")
def outside(tmp_path_factory, sender):
    """Nobody answers at the address it reports to."""
    folder = tmp_path_factory.mktemp("executors")
    for name in ("trust", "keys"):
        (folder / name).mkdir()
    sender.trusted_by(folder / "trust")
    for role in ROLES:
        Sender(role).kept_in(folder / "keys", role)
    running = Outside(folder, folder / "trust", folder / "keys", "http://127.0.0.1:9/tasks/callbacks").start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def no_faults(outside):
    yield
    outside.fault("none")


def an_order(number: str, **changes) -> dict:
    row = {
        "id": 11, "code": "A02010105", "category": "台式计算机", "content": "教学用台式计算机",
        "quantity": "120", "measure": "台", "unit_price": "5200.00", "total": "624000.00",
    }  # fmt: skip
    return {
        "key": f"taskbook-{number}-3", "message": "order", "number": number, "kind": "mall",
        "title": "计算机更新", "unit": {"name": "安徽示例大学"}, "amount": "624000.00", "items": [row],
    } | changes  # fmt: skip


def hand_over(outside, sender, content: dict, role="huicai", **changed):
    body, path = json.dumps(content).encode(), f"/{role}/api/orders"
    return outside.request("POST", path, body, **(sender.headers(content["key"], body, path=path) | changed))


def test_an_order_is_taken_once_and_answered_alike(outside, sender):
    first, second = (hand_over(outside, sender, an_order("SC-1")) for _ in range(2))
    assert (first.status, second.status) == (201, 200)
    assert first.json == second.json
    assert outside.get("/huicai/api/orders/by-key/taskbook-SC-1-3").json == first.json
    assert outside.get("/wancai/api/orders/by-key/taskbook-SC-1-3").status == 404
    assert outside.stats()["receipts"]["huicai/taskbook-SC-1-3"] == 2


def test_another_content_under_one_key_or_number_is_refused(outside, sender):
    hand_over(outside, sender, an_order("SC-2"))
    assert hand_over(outside, sender, an_order("SC-2", title="别的")).status == 409
    assert hand_over(outside, sender, an_order("SC-2", key="taskbook-9-9")).status == 409


def test_only_the_supervision_system_gives_orders(outside, sender):
    assert hand_over(outside, Sender("stranger"), an_order("SC-3")).status == 401
    body = json.dumps(an_order("SC-3")).encode()
    moved = sender.headers("taskbook-SC-3-3", body, path="/wancai/api/orders")
    assert outside.request("POST", "/huicai/api/orders", body, **moved).status == 401
    assert outside.task("huicai", "SC-3") is None


@pytest.mark.parametrize("wrong", [{"message": "gift"}, {"items": 7}, {"title": ""}, {"number": 7}])
def test_an_order_that_is_no_order_is_refused_with_a_sentence(outside, sender, wrong):
    answer = hand_over(outside, sender, an_order("SC-4") | wrong)
    assert answer.status == 422
    assert "任务书" in answer.json["error"]


def test_pages_are_strict_and_escape_whatever_they_are_given(outside, sender):
    row = an_order("x")["items"][0] | {"content": NASTY, "spec": NASTY}
    hand_over(outside, sender, an_order("SC-5", title=NASTY, unit={"name": NASTY}, items=[row]))
    number = outside.task("huicai", "SC-5")
    outside.press("huicai", number, "receive")
    for path in ("/", "/huicai/", f"/huicai/tasks/{number}/"):
        answer = outside.get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert NASTY not in answer.text
        assert "<script" not in answer.text
        assert "style=" not in answer.text


@pytest.mark.parametrize(
    "path", ["/nobody/", "/huicai/tasks/999999/", "/huicai/tasks/x/", "/huicai/nothing", "/x"]
)
def test_what_is_not_there_is_said_in_words(outside, path):
    answer = outside.get(path)
    assert answer.status == 404
    assert "没有这个页面" in answer.text


WRONG = [
    ("return", {"reason": "短"}, "至少 5 个字"), ("result", {}, "现在是"), ("dance", {}, "没有这项操作"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "typed", "sentence"), WRONG, ids=["return", "result", "dance"])
def test_what_a_person_does_wrong_is_said_and_reported_to_nobody(outside, sender, verb, typed, sentence):
    hand_over(outside, sender, an_order(f"SC-wrong-{verb}"))
    task = outside.task("huicai", f"SC-wrong-{verb}")
    typed = typed or {"supplier-1": "甲公司", "quantity-11": "1", "price-11": "1"}
    answer = outside.press("huicai", task, verb, **typed)
    assert answer.status == 422
    assert sentence in answer.text
    assert "还没有回报" in outside.get(f"/huicai/tasks/{task}/").text


TYPED = {"supplier-1": "甲公司", "quantity-11": "1", "price-11": "5000"}
WRONG_RESULTS = [
    ({"supplier-1": ""}, "请填写成交供应商名称"),
    ({"uscc-1": "123"}, "不是 18 位"),
    ({"price-11": "many"}, "请填数字"),
    ({"price-11": "NaN"}, "请填"),
    ({"quantity-11": "1.00001"}, "不超过 4 位小数"),
    ({"failed": "1"}, "失败原因"),
    ({"quantity-11": "", "price-11": ""}, "至少填写一行"),
    ({"result_date": "昨天"}, "格式填写"),
    ({"winner": "3"}, "没有填写"),
]


@pytest.mark.parametrize(("typed", "sentence"), WRONG_RESULTS)
def test_a_result_that_is_wrong_is_said_and_kept_as_typed(outside, sender, typed, sentence):
    hand_over(outside, sender, an_order("JC-form"), role="trading")
    task = outside.task("trading", "JC-form")
    outside.press("trading", task, "receive")
    answer = outside.press("trading", task, "result", **(TYPED | {"brand-11": "示例牌"} | typed))
    assert answer.status == 422
    assert sentence in answer.text
    assert 'value="示例牌"' in answer.text


def test_no_other_site_presses_our_buttons(outside, sender):
    hand_over(outside, sender, an_order("SC-csrf"))
    path = f"/huicai/tasks/{outside.task('huicai', 'SC-csrf')}/receive"
    for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert outside.request("POST", path, b"", **headers).status == 403
    assert outside.request("POST", path, b"", Origin=outside.url).status == 303


def test_control_is_shut_without_the_token(outside):
    assert outside.get("/control/stats").status == 403
    assert outside.request("POST", "/control/events/huicai", b"{}").status == 403
    assert outside.request("POST", "/control/faults", b"{}", X_Control_Token=TOKEN).status == 400


def test_a_report_nobody_answers_is_kept_and_tried_again(outside, sender):
    hand_over(outside, sender, an_order("SC-down"))
    task = outside.task("huicai", "SC-down")
    outside.press("huicai", task, "receive")
    page = outside.get(f"/huicai/tasks/{task}/").text
    assert "待发送" in page
    assert "立即重新发送" in page
    assert outside.press("huicai", task, "resend").status == 303
