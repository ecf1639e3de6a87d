import msgspec

from forewave.delivery.feeds.problem import Problem


def test_it_has_the_members_of_rfc_9457_and_names_a_parameter_where_one_is_wrong():
    wrong = Problem("Bad parameter", 400, "limit: ...", "limit")
    assert set(msgspec.to_builtins(wrong)) == {"title", "status", "detail", "parameter"}
    assert set(msgspec.to_builtins(Problem("Busy", 503, "..."))) == {"title", "status", "detail"}
