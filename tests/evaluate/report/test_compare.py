from msgspec.structs import replace

from forewave.evaluate.report.compare import pooled, published_table


def as_set(case, name):
    return replace(case, score=replace(case.score, id=name))


def test_a_recording_without_published_results_has_one_row(case):
    assert published_table(case).count('<th scope="row">') == 1


def test_published_rows_follow_forewave(case):
    text = published_table(as_set(case, "tw-20210418-hualien"))
    assert text.index("forewave") < text.index("goal") < text.index("EPIC lenient")
    assert "11/3/0/52" in text
    assert "225.3" in text


def test_pooled_users_are_summed_over_the_same_recordings(case):
    names = ("tw-20210418-hualien", "us-ci38457511-ridgecrest")
    text = pooled([case, *(as_set(case, name) for name in names)])
    ours = case.score.users["IV"]
    assert f"<td>2</td><td>{2 * ours.hit}</td><td>{2 * ours.late}</td>" in text
    assert "EPIC lenient</th><td>2</td><td>21</td><td>4</td><td>0</td><td>52</td>" in text
