"""Moving in once more, in part or on trial, and the command that does it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.contrib.redirects.models import Redirect
from django.core.management import CommandError, call_command
from django.db import connection

from posts.importers.markdown import MarkdownImport, Options
from posts.importers.postgresql import tell_sizes
from posts.models import Image, ImportRecord, Page, Post
from posts.progress import INTERRUPTED
from tests.posts.old_site import OLD_SITE, draw, everything, run, write, write_raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_a_second_run_changes_nothing(folder):
    draw(folder, "a/one.png")
    write(folder, "a/index.md", "![](one.png) [b](../b.md)", cover="one.png", aliases=["/old/"], tags=["x"], series="S")
    write(folder, "b.md", "[a](a/index.md)")
    run(folder)
    before = everything()

    report = run(folder)

    assert report.counts == {"unchanged": 2}
    assert everything() == before


def test_a_changed_file_changes_its_post_and_keeps_its_place(folder):
    write(folder, "a.md", "Old.", aliases=["/x/"], tags=["old"])
    run(folder)
    before = Post.objects.get()
    write(folder, "a.md", "New.", title="New title", slug="new-slug", aliases=["/x/", "/y/"], tags=["new"])

    report = run(folder)

    post = Post.objects.get()
    assert report.counts == {"updated": 1}
    assert (post.pk, post.slug, post.guid, post.created_at) == (before.pk, "a", before.guid, before.created_at)
    assert (post.title, post.body, [tag.name for tag in post.tags.all()]) == ("New title", "New.\n", ["new"])
    assert set(Redirect.objects.values_list("old_path", "new_path")) == {("/x/", "/posts/a/"), ("/y/", "/posts/a/")}
    assert post.updated_at > before.updated_at


def test_a_changed_picture_changes_the_post(folder):
    draw(folder, "a/one.png")
    write(folder, "a/index.md", "![](one.png)")
    run(folder)
    draw(folder, "a/one.png", "blue")

    assert run(folder).counts == {"updated": 1}
    assert Image.objects.order_by("pk").last().file.url in Post.objects.get().body


def test_a_post_that_gets_a_folder_for_its_pictures_stays_one_post(folder):
    path = write(folder, "a.md")
    run(folder)
    path.unlink()
    write(folder, "a/index.md", "With pictures.")

    assert run(folder).counts == {"updated": 1}
    assert Post.objects.count() == 1


def test_what_an_editor_has_changed_here_is_kept_until_it_is_overwritten(folder):
    write(folder, "a.md", "From the file.")
    run(folder)
    post = Post.objects.get()
    post.body = "From the desk."
    post.save()

    assert run(folder).counts == {"unchanged": 1}
    write(folder, "a.md", "From the file, again.")
    report = run(folder)
    assert "--overwrite" in str(report.skipped)
    assert Post.objects.get().body == "From the desk."
    assert run(folder, overwrite=True).counts == {"updated": 1}
    assert Post.objects.get().body == "From the file, again.\n"


def test_a_trashed_post_stays_in_the_trash_and_no_link_leads_to_it(folder):
    write(folder, "a.md", aliases=["/old/"])
    run(folder)
    Post.objects.get().delete()
    write(folder, "a.md", "Changed.")
    write(folder, "b.md", "[a](a.md)")

    report = run(folder, base_url=OLD_SITE, overwrite=True)

    assert "trash" in str(report.skipped)
    assert [post.slug for post in Post.objects.all()] == ["b"]
    assert Post.objects.get().body == f"[a]({OLD_SITE}/b/a.md)\n"


def test_an_import_that_was_interrupted_goes_on_where_it_stopped(folder):
    for name in "abcde":
        write(folder, f"{name}.md", slug="same", date="2024-01-0" + str("abcde".index(name) + 1))
    whole = MarkdownImport(folder, Options(source="old"))

    def interrupt(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole.run(interrupt)

    assert whole.report.counts == {"created": 3}
    assert Post.objects.count() == ImportRecord.objects.count() == 3
    assert run(folder).counts == {"unchanged": 3, "created": 2}
    slugs = [record.post.slug for record in ImportRecord.objects.order_by("source")]
    assert slugs == ["same", "same-2024", "same-2024-2", "same-2024-3", "same-2024-4"]


def test_a_batch_that_is_cut_off_leaves_nothing_and_the_next_run_has_all(folder, monkeypatch):
    for name in "abc":
        write(folder, f"{name}.md", tags=["x"], aliases=[f"/{name}.html"])
    before = everything()

    with monkeypatch.context() as cut_off:
        cut_off.setattr(ImportRecord.objects, "bulk_create", lambda *_, **__: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            run(folder)

    assert everything() == before
    assert run(folder).counts == {"created": 3}
    assert run(folder).counts == {"unchanged": 3}


def test_one_that_the_database_refuses_keeps_none_of_its_batch_out(folder):
    write(folder, "a.md", unpinned="2030-01-01")
    write(folder, "b.md", authors=["N" * 500])
    write(folder, "c.md", series="Walks")
    write(folder, "d.md", series="Walks")

    report = run(folder)

    assert report.counts == {"created": 3, "skipped": 1}
    assert [remark.file for remarks in report.skipped.values() for remark in remarks] == ["b.md"]
    assert list(Post.objects.order_by("pk").values_list("slug", "series_position")) == [("a", None), ("c", 1), ("d", 2)]


def test_two_folders_with_files_of_the_same_name_do_not_meet(folder, tmp_path):
    write(folder, "a.md", "One.")
    write(tmp_path / "other", "a.md", "Two.")

    run(folder)
    MarkdownImport(tmp_path / "other", Options(source="other")).run()

    assert {post.body for post in Post.objects.all()} == {"One.\n", "Two.\n"}


# The command


def command(folder: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("import_markdown", str(folder), *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_dry_run_reports_the_same_and_writes_nothing(folder, media):
    draw(folder, "a/one.png")
    write(
        folder, "a/index.md", "![](one.png) ![](gone.png)", cover="one.png", aliases=["/old/"], tags=["x"], series="S"
    )
    write(folder, "bad.md", title="x" * 300)
    before = everything()

    rehearsal = command(folder, "--dry-run")

    assert everything() == before
    assert not list(media.iterdir())
    assert rehearsal.partition("\n")[2] == command(folder)
    assert Post.objects.count() == 1


def test_the_command_reads_its_rules(folder):
    write_raw(folder, "a.md", "+++\ntitle = 'A'\ndate = 2024-01-01\n[extra]\nhot = true\nteam = 'T'\n+++\n[x](/x/)\n")

    out = command(
        folder,
        "--author=Ruth",
        "--category=News",
        "--category-when=extra.hot=Hot things",
        "--tags-from=extra.team",
        f"--base-url={OLD_SITE}/",
    )

    post = Post.objects.get()
    assert out.startswith("1 created, 0 updated, 0 unchanged, 0 skipped.")
    assert {category.name for category in post.categories.all()} == {"News", "Hot things"}
    assert post.body == f"[x]({OLD_SITE}/x/)\n"
    assert ImportRecord.objects.get().source == "content:a"


@pytest.mark.parametrize("arguments", [["no-such-folder"], [".", "--base-url=old.example"], [".", "--category-when=x"]])
def test_the_command_says_what_is_wrong_with_its_arguments(arguments):
    with pytest.raises(CommandError):
        call_command("import_markdown", *arguments)


def test_ctrl_c_ends_with_a_report(folder, monkeypatch):
    write(folder, "a.md")
    monkeypatch.setattr(MarkdownImport, "take", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    err = io.StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("import_markdown", str(folder), stdout=io.StringIO(), stderr=err)

    assert end.value.code == INTERRUPTED
    assert "run the same command again" in err.getvalue()


def test_a_terminal_sees_a_bar(folder):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    write(folder, "a.md")
    err = Terminal()
    call_command("import_markdown", str(folder), stdout=io.StringIO(), stderr=err)

    assert "1 of 1" in err.getvalue()


@pytest.mark.parametrize(("known", "is_looked_at"), [(-1, True), (99, True), (100, False)])
def test_postgresql_looks_at_tables_of_which_it_knows_less_than_half(known, is_looked_at):
    asked = []

    def answer(execute, sql, parameters, many, context):
        asked.append(sql)
        # Instead of what is asked: after a look at the tables, other tests would find them known.
        return execute("SELECT %s", [known], many, context)

    with connection.execute_wrapper(answer):
        tell_sizes(200)
    found = any(sql.startswith("ANALYZE") and "posts_searchdocument (post_id)" in sql for sql in asked)
    assert found == (is_looked_at and connection.vendor == "postgresql")


def test_an_import_takes_few_queries_for_each_post(folder, django_assert_max_num_queries):
    for number in range(200):
        write(folder, f"{number}.md", tags=["x", f"y{number % 10}"], aliases=[f"/{number}.html"], series="Walks")
    with django_assert_max_num_queries(3 * 200):
        run(folder)
    with django_assert_max_num_queries(6):
        run(folder)
    assert Page.objects.count() == 0
