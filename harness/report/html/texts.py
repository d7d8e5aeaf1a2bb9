"""What the HTML report says in English, French and German, as one table.

Input: a key, a language, values. Output: text. `one|many` are singular and plural, chosen by `n`.
What the harness found is told in the words of the run (English) below a heading of this table.
Refuses an unknown key or language (KeyError).
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "fr", "de")

TEXTS: dict[str, tuple[str, str, str]] = {
    "leak": ("Leak", "Fuite", "Leck"),
    "inconclusive": ("Inconclusive", "Non concluant", "Nicht entscheidbar"),
    "pass": ("Pass", "Conforme", "Bestanden"),
    "leak.lead": (
        "What was typed reached {n} recipient that no rule allows."
        "|What was typed reached {n} recipients that no rule allows.",
        "Ce qui a été saisi a atteint {n} destinataire qu'aucune règle n'autorise."
        "|Ce qui a été saisi a atteint {n} destinataires qu'aucune règle n'autorise.",
        "Was getippt wurde, erreichte {n} Empfänger, den keine Regel erlaubt."
        "|Was getippt wurde, erreichte {n} Empfänger, die keine Regel erlaubt.",
    ),
    "leak.other": (
        "The run leaked; the reasons stand with each scenario and under what changed.",
        "Il y a eu fuite ; les motifs sont donnés avec chaque scénario et sous ce qui a changé.",
        "Es gab ein Leck; die Gründe stehen bei jedem Szenario und unter dem, was sich änderte.",
    ),
    "inconclusive.lead": (
        "No leak was seen, but not everything could be seen. This is not a pass.",
        "Aucune fuite n'a été vue, mais tout n'a pas pu être vu. Ce n'est pas une conformité.",
        "Es wurde kein Leck gesehen, aber nicht alles war sichtbar. Das ist kein Bestehen.",
    ),
    "pass.lead": (
        "Nothing was found in what was read, and the places where it could have left were watched.",
        "Rien n'a été trouvé dans ce qui a été lu, et les voies de sortie étaient surveillées.",
        "In dem, was gelesen wurde, fand sich nichts, und die möglichen Wege waren überwacht.",
    ),
    "incomplete": (
        "This run was never finished, so it is no pass.",
        "Cette exécution n'a jamais été terminée : ce n'est donc pas une conformité.",
        "Dieser Lauf wurde nie beendet, er ist also kein Bestehen.",
    ),
    "nothing": (
        "No scenario was judged.", "Aucun scénario n'a été jugé.",
        "Kein Szenario wurde beurteilt.",
    ),
    "skip": ("Skip to the findings", "Aller aux constats", "Zu den Befunden"),
    "contents": ("Contents", "Sommaire", "Inhalt"),
    "app": ("App", "Application", "App"),
    "device": ("Device", "Appareil", "Gerät"),
    "when": ("When", "Date", "Zeit"),
    "run": ("Run", "Exécution", "Lauf"),
    "scenarios": ("Scenarios", "Scénarios", "Szenarien"),
    "who": (
        "Who received what was typed", "Qui a reçu ce qui a été saisi",
        "Wer bekam, was getippt wurde",
    ),
    "who.none": (
        "Nobody was seen to receive it who may not.",
        "Personne n'a été vu le recevoir sans y être autorisé.",
        "Niemand wurde gesehen, der es unerlaubt bekam.",
    ),
    "flow": (
        "From what was typed, through the code that sent it, to who received it",
        "De ce qui a été saisi, par le code qui l'a envoyé, à qui l'a reçu",
        "Vom Getippten über den sendenden Code zum Empfänger",
    ),
    "flow.term": ("typed", "saisi", "getippt"),
    "flow.sdk": ("sent by", "envoyé par", "gesendet von"),
    "flow.host": ("received by", "reçu par", "empfangen von"),
    "flow.own": ("the app's own code", "le code de l'application", "Code der App"),
    "more": ("and {n} more", "et {n} de plus", "und {n} weitere"),
    "company": ("Company", "Société", "Unternehmen"),
    "company.unknown": ("unknown company", "société inconnue", "unbekanntes Unternehmen"),
    "sdk": ("SDK", "SDK", "SDK"),
    "received": ("Received", "A reçu", "Bekam"),
    "times": ("{n} time|{n} times", "{n} fois|{n} fois", "{n} Mal|{n} Mal"),
    "where": ("Where", "Où", "Wo"),
    "decoded": ("decoded", "décodé", "dekodiert"),
    "asis": ("as it is", "tel quel", "wie es ist"),
    "beside": ("Travelled with it", "Accompagné de", "Reiste mit"),
    "sentby": ("Sent by the code", "Envoyé par le code", "Gesendet vom Code"),
    "seenby": ("Seen by", "Vu par", "Gesehen von"),
    "form": ("Form", "Forme", "Form"),
    "proof": ("Proof", "Preuve", "Beweis"),
    "late": (
        "sent after the scenario had ended", "envoyé après la fin du scénario",
        "nach dem Ende des Szenarios gesendet",
    ),
    "cleartext": ("without encryption", "sans chiffrement", "unverschlüsselt"),
    "proxied": (
        "on behalf of an SDK, through an allowed host", "pour un SDK, par un hôte autorisé",
        "für ein SDK, über einen erlaubten Host",
    ),
    "handed": (
        "handed over on the device, no sending seen",
        "remis sur l'appareil, aucun envoi vu",
        "auf dem Gerät übergeben, kein Senden gesehen",
    ),
    "first": ("first party", "première partie", "Erstpartei"),
    "third": ("third party", "tierce partie", "Drittpartei"),
    "unknown": ("party unknown", "partie inconnue", "Partei unbekannt"),
    "blind": ("What could not be seen", "Ce qui n'a pas pu être vu", "Was nicht zu sehen war"),
    "blind.none": (
        "No blind spot was found that could hide a sending. Remarks stand with each scenario.",
        "Aucun angle mort pouvant cacher un envoi n'a été trouvé. Les remarques sont données avec"
        " chaque scénario.",
        "Kein blinder Fleck wurde gefunden, der ein Senden verbergen könnte. Bemerkungen stehen bei"
        " jedem Szenario.",
    ),
    "blind.servers": (
        "What the first party passes on from its own servers can never be seen from here.",
        "Ce que la première partie transmet depuis ses propres serveurs ne peut jamais être vu"
        " d'ici.",
        "Was die Erstpartei von ihren eigenen Servern weitergibt, ist von hier nie zu sehen.",
    ),
    "do": ("Next", "À faire", "Zu tun"),
    "items": (
        "{n} scenario|{n} scenarios", "{n} scénario|{n} scénarios",
        "{n} Szenario|{n} Szenarien",
    ),
    "grid": ("Scenarios and consent", "Scénarios et consentement", "Szenarien und Einwilligung"),
    "typed": ("Typed", "Saisi", "Getippt"),
    "consent": ("Consent", "Consentement", "Einwilligung"),
    "consent.": ("not said", "non précisé", "nicht angegeben"),
    "consent.none": ("not asked", "non demandé", "nicht gefragt"),
    "consent.accepted": ("accepted", "accepté", "erteilt"),
    "consent.rejected": ("rejected", "refusé", "abgelehnt"),
    "consent.revoked": ("revoked", "retiré", "widerrufen"),
    "verdict": ("Verdict", "Verdict", "Urteil"),
    "why": ("Why", "Motifs", "Warum"),
    "changes": ("What changed", "Ce qui a changé", "Was sich geändert hat"),
    "since": ("Since", "Depuis", "Seit"),
    "severity": ("Severity", "Gravité", "Schwere"),
    "change": ("Change", "Changement", "Änderung"),
    "allowed": ("Who received it and may", "Qui l'a reçu et y a droit", "Wer es bekam und darf"),
    "rule": ("Allowed by", "Autorisé par", "Erlaubt durch"),
    "contacts": (
        "Who was sent anything at all", "À qui quoi que ce soit a été envoyé",
        "Wem überhaupt etwas gesendet wurde",
    ),
    "host": ("Host", "Hôte", "Host"),
    "requests": ("Requests", "Requêtes", "Anfragen"),
    "typing": ("since typing", "depuis la saisie", "seit dem Tippen"),
    "history": (
        "Over all stored runs", "Sur toutes les exécutions", "Über alle gespeicherten Läufe",
    ),
    "history.first": ("First seen in", "Vu d'abord dans", "Zuerst gesehen in"),
    "history.last": ("Last seen in", "Vu en dernier dans", "Zuletzt gesehen in"),
    "history.runs": ("Runs", "Exécutions", "Läufe"),
    "history.got": ("Got a typed word", "A reçu un mot saisi", "Bekam ein getipptes Wort"),
    "yes": ("yes", "oui", "ja"),
    "no": ("not seen", "non vu", "nicht gesehen"),
    "timeline": ("What happened", "Déroulement", "Ablauf"),
    "screen": ("The screen at the end", "L'écran à la fin", "Der Bildschirm am Ende"),
    "pictures.left": (
        "{n} picture is left out; it lies in the run's folder."
        "|{n} pictures are left out; they lie in the run's folder.",
        "{n} image est omise ; elle est dans le dossier de l'exécution."
        "|{n} images sont omises ; elles sont dans le dossier de l'exécution.",
        "{n} Bild ist ausgelassen; es liegt im Ordner des Laufs."
        "|{n} Bilder sind ausgelassen; sie liegen im Ordner des Laufs.",
    ),
    "quiet": (
        "{n} request without a term|{n} requests without a term",
        "{n} requête sans terme|{n} requêtes sans terme",
        "{n} Anfrage ohne Wort|{n} Anfragen ohne Wort",
    ),
    "further": (
        "{n} further request|{n} further requests",
        "{n} autre requête|{n} autres requêtes",
        "{n} weitere Anfrage|{n} weitere Anfragen",
    ),
    "withterm": ("{n} with a term", "{n} avec un terme", "{n} mit einem Wort"),
    "inhar": (
        "{n} more is in the HAR file only.|{n} more are in the HAR file only.",
        "{n} de plus n'est que dans le fichier HAR.|{n} de plus ne sont que dans le fichier HAR.",
        "{n} weitere steht nur in der HAR-Datei.|{n} weitere stehen nur in der HAR-Datei.",
    ),
    "unread": ("could not be read", "illisible", "nicht lesbar"),
    "redacted": (
        "Parts of this request were taken out when it was stored.",
        "Des parties de cette requête ont été retirées à l'enregistrement.",
        "Teile dieser Anfrage wurden beim Speichern entfernt.",
    ),
    "finding": ("finding", "constat", "Befund"),
    "permitted": ("allowed", "autorisé", "erlaubt"),
    "note": ("note", "note", "Notiz"),
    "stack": ("Stack", "Pile d'appels", "Aufrufstapel"),
    "request": ("request", "requête", "Anfrage"),
    "request.whole": (
        "Request as it was sent", "Requête telle qu'envoyée", "Anfrage, wie gesendet",
    ),
    "request.redacted": (
        "Request as it was stored", "Requête telle qu'enregistrée", "Anfrage, wie gespeichert",
    ),
    "handover": (
        "handed over on the device", "remis sur l'appareil", "auf dem Gerät übergeben",
    ),
    "coverage": ("Where the run looked", "Où l'exécution a regardé", "Wo der Lauf hinsah"),
    "layer": ("Capture layer", "Couche de capture", "Erfassungsschicht"),
    "layer.proved": ("proved live", "prouvée active", "nachweislich aktiv"),
    "layer.installed": ("in place, unproved", "en place, non prouvée", "angebracht, unbewiesen"),
    "layer.dead": ("not working", "inactive", "wirkungslos"),
    "layer.unused": ("not in use", "non utilisée", "nicht benutzt"),
    "events": ("Events", "Événements", "Ereignisse"),
    "remarks": ("Remarks", "Remarques", "Bemerkungen"),
    "attempts": ("Attempts", "Tentatives", "Versuche"),
    "revised": (
        "revised: it had closed as", "révisé : il s'était terminé par",
        "geändert: es endete zuerst mit",
    ),
    "check": ("How to check this yourself", "Comment le vérifier", "So prüfen Sie das selbst"),
    "check.har": (
        "Write all exchanges as a HAR file, which any traffic tool reads:",
        "Écrivez tous les échanges dans un fichier HAR, lisible par tout outil de trafic :",
        "Schreiben Sie alle Anfragen als HAR-Datei, die jedes Werkzeug für Datenverkehr liest:",
    ),
    "check.scan": (
        "Search it again, and replay the decoding of the first sighting byte by byte:",
        "Cherchez à nouveau, et rejouez le décodage du premier constat octet par octet :",
        "Durchsuchen Sie sie noch einmal und spielen Sie die Dekodierung der ersten Fundstelle"
        " Byte für Byte ab:",
    ),
    "check.redacted": (
        "This run was stored redacted: what was taken out cannot be searched again, and counts as"
        " unread. Record with --leak-keep-secrets and test accounts to check everything.",
        "Cette exécution a été caviardée à l'enregistrement : ce qui a été retiré ne peut plus être"
        " cherché et compte comme illisible. Enregistrez avec --leak-keep-secrets et des comptes"
        " de test pour tout vérifier.",
        "Dieser Lauf wurde geschwärzt gespeichert: Was entfernt wurde, ist nicht mehr durchsuchbar"
        " und gilt als ungelesen. Um alles zu prüfen, nehmen Sie mit --leak-keep-secrets und"
        " Testkonten auf.",
    ),
    "judged": ("Judged by", "Jugé par", "Beurteilt durch"),
    "english": (
        "", "Les motifs et détails sont dans les termes de l'exécution (anglais).",
        "Gründe und Einzelheiten stehen in den Worten des Laufs (englisch).",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The table in one language."""

    language: str

    def __call__(self, key: str, n: int | None = None) -> str:
        text = TEXTS[key][LANGUAGES.index(self.language)]
        if n is None:
            return text
        one, _, many = text.partition("|")
        return (one if self._is_one(n) or not many else many).format(n=n)

    def _is_one(self, n: int) -> bool:
        """French says one for none."""
        return n == 1 or (n == 0 and self.language == "fr")

    def seconds(self, value: float) -> str:
        """`+3.2 s`."""
        text = f"{value:+.1f} s"
        return text if self.language == "en" else text.replace(".", ",")
