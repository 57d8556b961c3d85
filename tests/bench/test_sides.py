"""The bench compares like with like."""

from pathlib import Path

from tests.bench.sides import both


def test_both_sides_show_the_same_form_and_take_the_same_answers_in(tmp_path: Path) -> None:
    with both(tmp_path) as sides:
        pages = [side.visit() for side in sides]
        for side, page in zip(sides, pages, strict=True):
            for name in ("kind", "name", "id_number", "phone", "certificate", "qualification"):
                assert f'name="{name}"' in page
            assert side.answer(side.form_page())[1].startswith("200")
            assert side.answer(side.turn(2))[1].startswith("200")
            assert side.answer(side.submission(1))[1].startswith("302")
        ours, hand = (len(page.encode()) for page in pages)
        assert abs(ours - hand) <= 0.2 * hand


def test_both_sides_refuse_the_same(tmp_path: Path) -> None:
    with both(tmp_path) as sides:
        for side in sides:
            [environ] = side.submission(1)
            environ["HTTP_COOKIE"] = "x=y"
            assert side.answer([environ])[1].startswith("400")
