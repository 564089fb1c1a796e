"""What Moodle does with a grading worksheet and with a zip of feedback files.

The rules are those of importgradeslib.php and locallib.php (assignfeedback_offline) and of importziplib.php
(assignfeedback_file):

- The headings of identifier, grade and "Last modified (grade)" must be those of the language in use; comments are read
  where their heading is.
- The identifier is the language's word for a participant, with or without a space, and a number.
- A grade may have the language's decimal mark or a point. It is skipped without a word if it is empty, below 0, above
  the maximum, or unchanged.
- In a zip, a part of a path is split at underscores into name, number of the participant, type of plugin, plugin, rest.
  It counts if there are four parts and the number is a participant's. Files that begin with a dot or a tilde are
  ignored.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field

# The language's word for a participant, its decimal mark, and its headings.
LANGUAGES = {
    "en": (
        *("Participant ", "."),
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments",
    ),
    "de": (
        *("Teilnehmer/in", ","),
        "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
        "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar",
    ),
    "fr": (
        *("Participant", ","),
        "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,La note peut être modifiée,"
        "Dernière modification (travail remis),Dernière modification (note),Feedback par commentaires",
    ),
    "es": (
        *("Participante ", ","),
        "Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación máxima,"
        "La calificación puede ser cambiada,Última modificación (entrega),Última modificación (calificación),"
        "Comentarios de retroalimentación",
    ),
}


@dataclass
class Moodle:
    """An assignment in Moodle. Participants are full name and address by number."""

    language: str
    participants: dict[int, tuple[str, str]]
    maximum: float = 10.0
    grades: dict[int, float] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.word, self.mark, heads = LANGUAGES[self.language]
        self.heads = heads.split(",")

    def worksheet(self) -> bytes:
        """Return the worksheet as Moodle makes it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.heads)
        for number, (name, address) in self.participants.items():
            grade, comment = self.grades.get(number), self.comments.get(number, "")
            points = ["" if grade is None else self._number(grade), self._number(self.maximum)]
            writer.writerow(
                [f"{self.word}{number}", name, address, "Submitted", *points, "Yes", "Monday", "-", comment]
            )
        return text.getvalue().encode("utf-8-sig")

    def take(self, content: bytes) -> None:
        """Read a worksheet."""
        head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        identifier, grade, _, comment = (head.index(self.heads[place]) for place in (0, 4, 8, 9))
        for row in rows:
            number = int(row[identifier].removeprefix(self.word))
            assert re.match(r"[^0-9]*([0-9]+)", row[identifier])[1] == str(number)
            if number in self.participants:
                self.comments[number] = row[comment]
                points = row[grade].strip().replace(self.mark, ".")
                if points and 0 <= float(points) <= self.maximum:
                    self.grades[number] = float(points)
                elif points:
                    self.skipped.append(number)

    def take_pages(self, content: bytes) -> dict[int, tuple[str, bytes]]:
        """Return the feedback file that each participant gets from a zip, with its name."""
        given = {}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                parts = info.filename.split("/")
                if parts[-1].startswith((".", "~")):
                    continue
                for place, part in enumerate(parts):
                    words = part.split("_", 4)
                    if len(words) < 4 or not words[1].isdigit() or int(words[1]) not in self.participants:
                        continue
                    assert words[2:4] == ["assignfeedback", "file"]
                    rest = [*words[4:], *parts[place + 1 :]]
                    given[int(words[1])] = ("/".join(rest).lstrip("/"), archive.read(info))
                    break
        return given

    def _number(self, points: float) -> str:
        return f"{points:.2f}".replace(".", self.mark)
