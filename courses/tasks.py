"""Work behind the courses. Each task is harmless when run twice; a worker killed at any line leaves work for the sweeper."""

from __future__ import annotations

import structlog
from celery import shared_task

from linimasa.work import hint

from . import booklets, linking, reminding, scheduling
from .media import MediaError, renditions
from .models import Media, Version
from .packing import arriving, making

logger = structlog.get_logger(__name__)


@shared_task
def make_booklet(version_id: int) -> None:
    """Draw the booklet of a published module version."""
    version = Version.objects.filter(pk=version_id, module__isnull=False).select_related("course", "module").defer("parts").first()
    if version is not None:
        booklets.make(version)


@shared_task
def make_missing_booklets() -> int:
    """The guarantee: every current module version gets its booklet. Returns how many it tried; one that fails holds up no other."""
    missing = booklets.missing()
    for version_id in missing:
        try:
            make_booklet(version_id)
        except Exception:  # whatever a drawing throws: it is written down and tried again in the next sweep
            logger.exception("booklet.sweep_failed", version=version_id)
    return len(missing)


def ask_for_booklets(version: Version) -> None:
    """After a publication: the module's own booklet, or those of all modules that explain the course's terms."""
    if version.module_id:
        hint(make_booklet, version.pk)
    else:
        hint(make_missing_booklets)


@shared_task
def publish_planned(proposal_id: int) -> bool:
    """Publish one approved draft whose moment has come. Run again, or by two workers: the same end state."""
    return scheduling.run(proposal_id)


@shared_task(expires=600)
def publish_due() -> int:
    """The guarantee: everything whose planned moment has come is published. Returns how many were; one that fails holds up no other."""
    made = 0
    for proposal_id in scheduling.due():
        try:
            made += publish_planned(proposal_id)
        except Exception:  # whatever a part throws: it is written down and tried again in the next sweep
            logger.exception("publication.sweep_failed", proposal=proposal_id)
    return made


@shared_task(expires=600)
def remind_owners() -> int:
    """This week's letter to whoever answers for lessons that are due. Harmless when run twice, late or by two beats."""
    return reminding.plan()


@shared_task(expires=3_000)
def check_links() -> int:
    """Ask the addresses that are due, politely; how many were asked. Run twice: what was just asked is not asked again."""
    return linking.check_due()


@shared_task(expires=3_000)
def make_missing_renditions() -> int:
    """Widths for images that came in before there were any. Returns how many were made; a file that is lost holds up no other."""
    made = 0
    for media in Media.objects.filter(pk__in=renditions.missing()):
        try:
            renditions.remake(media)
            made += 1
        except (MediaError, OSError):
            logger.exception("renditions.failed", media=media.pk)
    return made


@shared_task(expires=3_000)
def make_package(package_id: int) -> bool:
    """Make one package that waits. Run again, or by two workers: the same end state."""
    return making.make(package_id)


@shared_task(expires=3_000)
def examine_arrival(arrival_id: int) -> bool:
    """Look at an archive that somebody brought. Run again, or by two workers: the same end state."""
    return arriving.examine(arrival_id)


@shared_task(expires=3_000)
def apply_arrival(arrival_id: int) -> bool:
    """Enter an archive that was agreed to, once."""
    return arriving.apply(arrival_id)


@shared_task(expires=600)
def carry_on_with_packages() -> int:
    """The guarantee: every package is made, every archive looked at, every one agreed to entered. Returns how many this sweep did."""
    done = sum(make_package(package_id) for package_id in making.waiting())
    for arrival_id, is_agreed in arriving.waiting():
        done += apply_arrival(arrival_id) if is_agreed else examine_arrival(arrival_id)
    return done
