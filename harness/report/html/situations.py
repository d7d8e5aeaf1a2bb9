"""Headings for the reasons of verdicts, in three languages: one per row of the verdict table.

Input: a row's key. Output: a heading. A row that a newer version wrote has none.
"""

from __future__ import annotations

from harness.report.html.texts import LANGUAGES

HEADINGS: dict[str, tuple[str, str, str]] = {
    "sent": (
        "Sent to somebody who may not have it",
        "Envoyé à qui n'y a pas droit",
        "An Unbefugte gesendet",
    ),
    "witness-only": (
        "Sent, seen by the witness alone",
        "Envoyé, vu du seul témoin",
        "Gesendet, nur vom Zeugen gesehen",
    ),
    "cleartext": ("Sent without encryption", "Envoyé sans chiffrement", "Unverschlüsselt gesendet"),
    "proxied": (
        "Sent for an SDK through an allowed host",
        "Envoyé pour un SDK par un hôte autorisé",
        "Für ein SDK über einen erlaubten Host gesendet",
    ),
    "handed": (
        "Handed to other code on the device",
        "Remis à un autre code sur l'appareil",
        "An anderen Code auf dem Gerät übergeben",
    ),
    "indistinct": (
        "The term is not distinctive",
        "Le terme n'est pas distinctif",
        "Das Wort ist nicht eindeutig",
    ),
    "step": ("A step failed", "Une étape a échoué", "Ein Schritt misslang"),
    "crash": ("The app crashed", "L'application a planté", "Die App stürzte ab"),
    "typing": (
        "What was typed was not read back",
        "La saisie n'a pas été relue",
        "Das Getippte wurde nicht zurückgelesen",
    ),
    "queued": (
        "The term waits on the device, unsent",
        "Le terme attend sur l'appareil, non envoyé",
        "Das Wort wartet ungesendet auf dem Gerät",
    ),
    "silent-batcher": (
        "An SDK that sends in batches sent nothing",
        "Un SDK qui envoie par lots n'a rien envoyé",
        "Ein SDK, das gesammelt sendet, sendete nichts",
    ),
    "unread-request": (
        "A request could not be read",
        "Une requête n'a pas pu être lue",
        "Eine Anfrage war nicht lesbar",
    ),
    "unexplained": (
        "Encrypted traffic that nobody could read",
        "Trafic chiffré que nul n'a pu lire",
        "Verschlüsselter Verkehr, den niemand lesen konnte",
    ),
    "hook-gap": (
        "The hooks missed traffic",
        "Les sondes ont manqué du trafic",
        "Den Hooks entging Verkehr",
    ),
    "layer": (
        "A capture layer is dead or unproved",
        "Une couche de capture est inactive ou non prouvée",
        "Eine Erfassungsschicht ist tot oder unbewiesen",
    ),
    "lost": (
        "Messages of the agent were lost",
        "Des messages de l'agent sont perdus",
        "Nachrichten des Agenten gingen verloren",
    ),
    "process": (
        "A process was not watched",
        "Un processus n'était pas surveillé",
        "Ein Prozess war nicht überwacht",
    ),
    "agent": ("The agent left early", "L'agent est parti trop tôt", "Der Agent ging zu früh"),
    "control": (
        "The control host did not get the term",
        "L'hôte témoin n'a pas reçu le terme",
        "Der Kontrollhost bekam das Wort nicht",
    ),
    "asserted": (
        "An expected leak was not seen",
        "Une fuite attendue n'a pas été vue",
        "Ein erwartetes Leck blieb aus",
    ),
    "nothing-allowed": (
        "No recipient is allowed",
        "Aucun destinataire n'est autorisé",
        "Kein Empfänger ist erlaubt",
    ),
    "baseline": (
        "Changed since the baseline",
        "Changé depuis la référence",
        "Geändert seit der Referenz",
    ),
    "attempts": (
        "An earlier attempt leaked",
        "Une tentative antérieure a fui",
        "Ein früherer Versuch leckte",
    ),
    "error": (
        "The scenario could not be played",
        "Le scénario n'a pas pu être joué",
        "Das Szenario war nicht spielbar",
    ),
    "pass": ("Nothing was found", "Rien n'a été trouvé", "Nichts wurde gefunden"),
}


def heading(row: str, language: str) -> str:
    """Of one reason; empty for a row that is not known."""
    texts = HEADINGS.get(row)
    return texts[LANGUAGES.index(language)] if texts else ""
