"""Measures of version 2 of the scheme: change of figures, and quotations that stand free."""

from builders import attribution, document, figure, scored


def test_change_is_asked_where_it_is_given():
    gold = [document(figures=[figure(0, 3, 1, change="up"), figure(5, 8, 2), figure(10, 13, 3, change="down")])]
    guess = [document(figures=[figure(0, 3, 1, change="up"), figure(5, 8, 2, change="up"), figure(10, 13, 3)])]
    assert scored(gold, guess)["figures.change"] == (1, 2, 2, 3)


def test_change_that_nobody_predicts_is_not_attempted():
    with_change, without = [document(figures=[figure(0, 3, 1, change="up")])], [document(figures=[figure(0, 3, 1)])]
    for gold in (with_change, without):
        found = scored(gold, without)
        assert "figures.change" in found.not_attempted
        assert found["figures"].f1 == 1.0
    assert scored(without, with_change)["figures.change"] == (0, 1, 0, 1)


FREE = attribution([], [], [(20, 40)], source_ref="ida")
SAID = attribution([(0, 4)], [(5, 9)], [(10, 18)], source_ref="ida")


def test_a_free_standing_quotation_is_found_by_its_content():
    gold = [document(attributions=[SAID, FREE])]
    near = attribution([], [], [(25, 44)])
    found = scored(gold, [document(attributions=[SAID, near])])
    assert found["attributions.quotations"] == (1, 1, 1, 1)
    assert found["attributions.found"].tp == 2
    assert found["attributions.cue"] == (1, 1, 1, 1)
    assert "attributions: attribution missed" not in str(found)


def test_one_with_a_cue_is_no_quotation():
    gold = [document(attributions=[SAID, FREE])]
    cued = attribution([], [(19, 20)], [(20, 40)])
    other = attribution([], [], [(10, 18)])
    found = scored(gold, [document(attributions=[cued, other])])
    assert found["attributions.quotations"] == (0, 1, 1, 2)
    assert found["attributions.found"].tp == 2


def test_a_system_that_gives_no_cues_or_no_quotation_does_not_attempt_them():
    gold = [document(attributions=[SAID, FREE])]
    cueless = [{**document(), "attributions": [{name: v for name, v in a.items() if name != "cue"} for a in (SAID, FREE)]}]
    for guess in (cueless, [document(attributions=[SAID])]):
        assert "attributions.quotations" in scored(gold, guess).not_attempted


def test_gold_of_quotations_alone_against_itself():
    gold = [document(attributions=[FREE, attribution([], [], [(50, 60), (65, 70)])])]
    found = scored(gold, gold)
    assert found["attributions.quotations"] == (2, 2, 2, 2)
    assert {counts.f1 for counts in found.measures.values()} <= {1.0, None}
    assert set(found.ledger["outcome"]) == {"correct"}
