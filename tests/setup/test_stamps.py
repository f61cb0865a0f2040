"""What is still valid is not done again; what changed is."""

from groundwork.stamps import Stamp, digest


def test_a_stamp_is_valid_for_the_inputs_it_was_pressed_for_and_no_others(tmp_path):
    stamp = Stamp(tmp_path / "stamps", "web")
    assert not stamp.is_valid("one")
    stamp.press("one")
    assert stamp.is_valid("one")
    assert not stamp.is_valid("two")


def test_a_step_that_is_interrupted_is_done_again(tmp_path):
    stamp = Stamp(tmp_path, "web")
    stamp.press("one")
    stamp.lift()
    assert not stamp.is_valid("one")


def test_a_changed_a_new_and_a_renamed_file_each_change_the_digest(tmp_path):
    (tmp_path / "a.yml").write_text("a")
    seen = {digest([tmp_path])}
    (tmp_path / "a.yml").write_text("b")
    seen.add(digest([tmp_path]))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "c.yml").write_text("c")
    seen.add(digest([tmp_path]))
    (tmp_path / "a.yml").rename(tmp_path / "z.yml")
    seen.add(digest([tmp_path]))
    assert len(seen) == 4


def test_what_is_built_from_the_sources_does_not_change_their_digest(tmp_path):
    (tmp_path / "a.py").write_text("a")
    before = digest([tmp_path], "3.11")
    for built in ("__pycache__", "node_modules", "dist"):
        (tmp_path / built).mkdir()
        (tmp_path / built / "file").write_text("made")
    assert digest([tmp_path], "3.11") == before
    assert digest([tmp_path], "3.12") != before
