"""German."""

from bot.words.catalogue import Words

GERMAN = Words(
    language_name="Deutsch",
    command_start="Anfangen, oder neu anfangen",
    command_new="Eine neue Evolution",
    command_style="Einen Stil wählen",
    command_paint="Mehr Bilder nach deinem Geschmack",
    command_best="Die bisher besten Bilder",
    command_taste="Was ich von deinem Geschmack gelernt habe",
    command_lineage="Der Stammbaum der Bilder",
    command_original="Ein Bild als Datei, mit seinem Rezept",
    command_export="Dein Prompt-Modell als Datei",
    command_import="Mit einem Prompt-Modell aus einer Datei beginnen",
    command_settings="Bilder, Zeit, Sprache und mehr",
    command_stop="Diese Evolution beenden",
    command_forget="Löschen, was ich von dir aufbewahre",
    command_help="Wie es geht",
    welcome=(
        "Vernissage malt für dich, und du schreibst nie einen Prompt.\n"
        "Tippe bei den Bildern auf 👍 und 👎: Jede Generation kommt deinem Geschmack näher."
    ),
    choose_style="Wähle einen Stil für den Anfang:",
    style_caption="{title}: So malt er.",
    no_styles=(
        "Hier gibt es noch keinen Stil, den das geladene Modell malen kann. "
        "Wer diesen Bot betreibt, findet den Grund im Protokoll."
    ),
    under_way="Du bist mitten in einer Evolution: {title}, Generation {number}. Weitermachen oder neu anfangen?",
    help=(
        "Ich male ein Album nummerierter Bilder. Darunter findest du zu jeder Nummer 👍 und 👎: Tippe an, was dir "
        "gefällt und was nicht; nochmals tippen nimmt es zurück. Dann drücke „Nächste Generation“: Sie ist näher an "
        "deinem Geschmack.\n\n"
        "/start beginnt, /new beginnt neu, /style zeigt die Stile\n"
        "/best zeigt die bisher besten Bilder\n"
        "/paint 4 malt vier weitere nach deinem Geschmack, ohne Abstimmung\n"
        "/taste zeigt, was ich von deinem Geschmack gelernt habe\n"
        "/lineage zeigt den Stammbaum der Bilder\n"
        "/original 3 schickt Bild 3 als Datei mit seinem Rezept, /original 2.3 das der Generation 2\n"
        "/export schickt dein Prompt-Modell als Datei, /import beginnt mit einem\n"
        "/share macht einen Link mit deinem Geschmack, /blend einen, der ihn mit dem deiner Freunde kreuzt\n"
        "/settings: Bilder im Album, Zeitgrenzen, Sprache und mehr\n"
        "/stop beendet die Evolution\n"
        "/forget löscht, was ich von dir aufbewahre\n"
        "/help zeigt dies hier\n\n"
        "Deine Telegram-Nummer ist {person}."
    ),
    unknown_command=(
        "Diesen Befehl kenne ich nicht. /start beginnt, /best zeigt die Besten, /stop beendet, /help hilft."
    ),
    plain_text="Worte braucht es hier nicht: Dein Tippen sagt mir, was dir gefällt. /start beginnt, /help erklärt.",
    not_allowed="Dieser Bot ist anderen Chats vorbehalten. Wer ihn betreibt, kann diesen hinzufügen: {chat}",
    nothing_under_way="Für dich wird noch nichts gemalt: /start beginnt.",
    button_style="🎨 {title}",
    button_go_on="▶️ Weiter",
    button_anew="🌱 Neu anfangen",
    button_next="➡️ Nächste Generation",
    button_best="⭐ Die Besten",
    button_stop="⏹ Beenden",
    button_cancel="✖️ Abbrechen",
    button_try_again="🔁 Nochmals versuchen",
    button_show_again="🖼 Nochmals zeigen",
    button_like="{number} 👍",
    button_like_chosen="{number} 👍 ✓",
    button_dislike="{number} 👎",
    button_dislike_chosen="{number} 👎 ✓",
    card_starting="Generation {number}: Die Farben werden gemischt …",
    card_queued="Generation {number}: In der Schlange, vor dir noch {ahead}.",
    card_next_in_line="Generation {number}: Du bist als Nächstes dran.",
    card_painting="Generation {number} wird gemalt\n{bar} {percent} %",
    cancelled_to_voting="Abgebrochen. Generation {number} ist wieder offen: Stimm weiter ab, oder geh wieder weiter.",
    cancelled_to_styles="Abgebrochen. Wähle einen Stil, wann immer du magst:",
    painter_busy=(
        "Gerade malen viele, und die Schlange ist voll. Deine Stimmen bleiben: Versuch es in einer Minute nochmals."
    ),
    painter_stopped=("Der Maler musste den Pinsel weglegen. Deine Stimmen bleiben: Versuch es bitte gleich nochmals."),
    painting_failed="Diese Generation ließ sich nicht malen. Deine Stimmen bleiben: Versuch es bitte nochmals.",
    style_gone="Der Stil „{title}“ ist gerade nicht da. Deine Stimmen bleiben: Versuch es später, oder /start neu.",
    companion_title="Generation {number}",
    companion_how="Tippe an, was dir gefällt und was nicht; nochmals tippen nimmt es zurück.",
    companion_votes="Stimmen bisher: {likes} 👍, {dislikes} 👎",
    companion_voters="Abgestimmt haben: {voters}",
    companion_closed="Generation {number} (geschlossen)",
    companion_uncertain="Falls die Bilder nicht angekommen sind, drücke „Nochmals zeigen“.",
    toast_liked="{number} gefällt dir",
    toast_disliked="{number} gefällt dir nicht",
    toast_taken_back="Zurückgenommen: {number}",
    toast_generation_closed="Diese Generation ist geschlossen. Stimm bitte über die neueste ab.",
    toast_painting_next="Diese Generation ist geschlossen: Die nächste wird gerade gemalt.",
    toast_next="Danke! Die nächste Generation wird gemalt.",
    toast_next_without_votes="Diesmal keine Stimmen, also sehe ich mich etwas weiter um.",
    toast_style_chosen="{title}: Deine erste Generation wird gemalt.",
    toast_style_gone="Diesen Stil gibt es nicht mehr. /start zeigt, welche es gibt.",
    toast_going_on="Hier ist es.",
    toast_anew="Ein neuer Anfang: Wähle einen Stil.",
    toast_cancelled="Abgebrochen.",
    toast_nothing_to_cancel="Es gibt nichts mehr abzubrechen.",
    toast_stopped="Beendet.",
    toast_nothing_to_stop="Diese Evolution ist schon zu Ende. /start beginnt eine neue.",
    toast_trying_again="Neuer Versuch.",
    toast_nothing_to_try="Das hat sich schon erledigt.",
    toast_showing_again="Die Bilder kommen nochmals.",
    toast_best_coming="Die Besten werden aufgehängt …",
    toast_no_best="Noch gefällt nichts: Tippe erst ein 👍.",
    toast_unknown_button="Dieser Knopf tut nichts mehr. /start zeigt, was geht.",
    toast_session_over="Diese Evolution ist zu Ende. /start beginnt eine neue.",
    toast_under_way="Es läuft schon eine Evolution.",
    toast_not_allowed="Dieser Bot ist anderen Chats vorbehalten.",
    no_best="Noch gefällt nichts: Tippe bei einem Bild auf 👍, dann hängt es hier.",
    best_caption="Deine bisher Besten (/original 2.3 schickt Bild 3 der Generation 2 als Datei)",
    best_line="Generation {generation}: {numbers}",
    stopped=(
        "Beendet nach Generation {number}. Danke fürs Schauen! "
        "/best zeigt weiterhin deine Lieblinge, /start beginnt neu."
    ),
    stopped_early="Beendet. /start beginnt neu.",
    stop_nothing="Es gibt nichts zu beenden. /start beginnt.",
    button_original="🖼 {number}",
    original_which="Welches Bild der Generation {generation} möchtest du als Datei?",
    original_how="Sag /original 3 für Bild 3 des neuesten Albums, oder /original 2.3 für Bild 3 der Generation 2.",
    original_no_generation="Diese Generation gibt es hier nicht. /best nennt die Nummern derer, die dir gefallen.",
    original_no_picture="Generation {generation} hat die Bilder 1 bis {last}: Nenne eine dieser Nummern.",
    original_gone="Dieses Bild liegt nicht mehr auf meiner Platte. Sein Seed war {seed}.",
    original_caption=(
        "Generation {generation}, Bild {number}: Die Datei enthält das ganze Rezept.\n\n"
        "{prompt}\n"
        "Seed {seed} · Schritte {steps} · Guidance {guidance}\n"
        "Modell {model} · Adapter {adapters}"
    ),
    toast_original_coming="Das Original kommt …",
    taste_nothing="Ich weiß noch nichts von deinem Geschmack: Tippe 👍 und 👎 unter einem Album, dann frag nochmals.",
    taste_title="Was ich gelernt habe. Generationen: {generations}, Stimmen: {likes} 👍, {dislikes} 👎.",
    taste_likes="💚 Gefällt, da bin ich sicher: {what}.",
    taste_dislikes="💔 Gefällt nicht, da bin ich sicher: {what}.",
    taste_perhaps="🤔 Gefällt vielleicht: {what}.",
    taste_open="Noch sticht nichts heraus.",
    taste_slider_high="viel {name}",
    taste_slider_middle="mittel {name}",
    taste_slider_low="wenig {name}",
    taste_certainty="Ich kenne etwa {percent} % dieses Geschmacks.",
    taste_until="So viele Stimmen braucht es vielleicht noch, bis ich sicher bin: {votes}.",
    taste_until_unknown="Es ist zu früh zu sagen, wie viele Stimmen ich noch brauche.",
    taste_sure="Das genügt, um im Wesentlichen sicher zu sein.",
    taste_contradictory=(
        "Die Stimmen widersprechen einander: Der Zufall erklärt sie so gut wie irgendein Geschmack. "
        "Lass dir weniger gefallen: nur, was du aufhängen würdest."
    ),
    taste_drifting="Der Geschmack ändert sich: Neuere Stimmen zählen mehr. /start beginnt neu, wenn du magst.",
    taste_uniform="Die letzten Bilder sind fast gleich: Lehne ein paar ab, um andere zu sehen.",
    taste_camps="Unter euch gibt es zwei Geschmäcker, mit {first} und {second} Stimmenden: Beide bekommen ihren Platz.",
    taste_legend="Im Bild: Der Punkt ist, was ich glaube, der Balken, wie weit ich irre; blass ist noch unsicher.",
    lineage_nothing="Es gibt noch kein Album: /start beginnt, und die Familie wächst mit deinen 👍.",
    lineage_caption=(
        "Der Stammbaum, Generationen {first} bis {last}. Ein Rahmen heißt: gefiel; ein rotes Kreuz: gefiel nicht. "
        "Linien führen von Bildern, die gefielen, zu denen des nächsten Albums, die am meisten mit ihnen teilen: "
        "Eltern merke ich mir nicht, denn jedes neue Bild schöpft aus allem, was ich gelernt habe."
    ),
    export_caption=(
        "Dein Prompt-Modell: {title}, Generationen: {generations}. Es nennt niemanden. "
        "Schick es mir in irgendeinem Chat, oder Freunden, die es tun: Es geht von hier weiter."
    ),
    export_too_large="Dieses Prompt-Modell ist zu groß für eine Datei geworden. Beginne mit /start ein neues.",
    import_how=(
        "Schick mir die Datei eines Prompt-Modells (/export macht eine): in unserem privaten Chat einfach so, "
        "in einer Gruppe mit /import als Bildunterschrift, oder antworte darauf mit /import."
    ),
    import_under_way="Hier läuft eine Evolution. Beende sie mit /stop, dann schick die Datei nochmals.",
    import_too_large="Diese Datei ist größer als {limit} MB, also keine von mir. Schick bitte eine von /export.",
    import_foreign="Ich kann diese Datei nicht als Prompt-Modell lesen. Schick eine von /export, unverändert.",
    import_newer=(
        "Eine neuere Fassung von mir hat diese Datei gemacht. "
        "Bitte den, der mich betreibt, mich zu erneuern; dann schick sie nochmals."
    ),
    import_damaged="Dieses Prompt-Modell ist beschädigt oder von Hand geändert. Bitte exportiere es nochmals.",
    import_no_style="Dieses Prompt-Modell lernte im Stil „{title}“, den es hier nicht gibt. Es gibt: {styles}.",
    import_other_space=(
        "Der Stil „{title}“ hat andere Merkmale als die, mit denen dieses Prompt-Modell lernte: Es passt nicht. "
        "Importiere es, wo es entstand, oder beginne hier mit /start neu."
    ),
    imported="Willkommen zurück: {title}, gelernt aus {generations} Generationen und {votes} Stimmen. Weiter geht’s …",
    imported_other_version="Der Stil wurde seither neu trainiert: Bilder können etwas anders aussehen.",
    button_keep="Alles behalten",
    button_forget="🗑 Alles löschen",
    forget_sure=(
        "Soll ich alles löschen, was ich von dir aufbewahre? Es gibt kein Zurück; /export rettet vorher dein "
        "Prompt-Modell.\n\n"
        "Was geht: dein Name und deine Sprache; die Evolutionen dieses Chats mit allem Gelernten, und ihre "
        "Bilder auf meiner Platte; deine Stimmen in jeder Gruppe, auch aus dem, was die Gruppen gelernt haben.\n\n"
        "Was bleibt: die Bilder der Gruppen und die Stimmen der anderen; alle Nachrichten in Telegram, die du dort "
        "löschen kannst; Sicherungen und Protokolle dessen, der mich betreibt."
    ),
    forget_in_private=(
        "Das geht nur dich und mich an: Sag /forget in unserem privaten Chat. Es löscht auch deine Stimmen hier."
    ),
    forget_kept="Nichts wurde gelöscht.",
    forgotten="Alles, was ich von dir aufbewahrte, ist gelöscht. Leb wohl, und /start, wann immer du magst.",
    toast_kept="Nichts wurde gelöscht.",
    toast_forgetting="Wird gelöscht …",
    button_sure="Ja, nächste Generation",
    close_sure="Abgestimmt haben erst {voted} von {awaited}. Diese Generation trotzdem schließen?",
    companion_voters_of="Abgestimmt haben: {voters} von {awaited}",
    companion_left="Noch Zeit: {left}",
    companion_time_over="Die Zeit ist um: Die erste Stimme bringt die nächste Generation.",
    companion_closers_starter="„Nächste Generation“ darf drücken, wer begonnen hat, oder wer hier verwaltet.",
    companion_closers_administrators="„Nächste Generation“ dürfen Administratoren drücken.",
    companion_closers_everyone="„Nächste Generation“ dürfen alle drücken.",
    reminder="⏳ Noch {left} zum Abstimmen. Abgestimmt haben: {voted}.",
    reminder_of="⏳ Noch {left} zum Abstimmen. Abgestimmt haben: {voted} von {awaited}.",
    span_minutes="{count} Min.",
    span_hours="{count} Std.",
    span_days="{count} T.",
    toast_few_voted="Erst wenige haben abgestimmt: Ich frage unten nach.",
    toast_not_yours_to_close="Das darf, wer diese Evolution begonnen hat oder hier verwaltet. /settings sagt, wer.",
    paint_caption="Nach deinem Geschmack: {title}",
    paint_how="Sag /paint, oder /paint und eine Zahl von 1 bis {most}.",
    settings_title="⚙️ Einstellungen dieses Chats. Drücke, was du ändern willst:",
    settings_administrators="In einer Gruppe wählen Administratoren die Einstellungen.",
    toast_administrators_only="Das können nur Administratoren ändern.",
    toast_setting="{title}: {value}",
    button_back="◀️ Zurück",
    setting_none="keine",
    setting_size="Bilder im Album",
    setting_size_about="Wie viele Bilder soll ein Album haben? Es gilt ab der nächsten Generation.",
    setting_limit="Zeitgrenze",
    setting_limit_about="Nach welcher Zeit soll sich eine Generation von selbst schließen, wenn jemand abgestimmt hat?",
    setting_quorum="Genug Stimmende",
    setting_quorum_about=(
        "Eine Generation schließt sich, bald nachdem so viele abgestimmt haben; ohne Zahl, sobald alle haben, "
        "die vorher dabei waren."
    ),
    setting_closers="Wer schließen darf",
    setting_closers_about="Wer darf „Nächste Generation“ und „Beenden“ drücken?",
    setting_closers_starter="Wer begann, Admins",
    setting_closers_administrators="Admins",
    setting_closers_everyone="Alle",
    setting_counts="Zahlen bis zum Schluss",
    setting_counts_about="Sind die Zahlen verborgen, sieht niemand vor dem Schluss, was den anderen gefällt.",
    setting_hidden="verborgen",
    setting_shown="sichtbar",
    setting_style="Stil",
    setting_style_about="In welchem Stil soll /new beginnen?",
    setting_style_ask="fragen",
    setting_language="Sprache",
    setting_language_about="Welche Sprache soll ich hier sprechen?",
    setting_language_own="jedem seine",
    setting_daily="Tägliche Vernissage",
    setting_daily_about="Um welche Uhrzeit soll hier jeden Tag die nächste Generation hängen? Stell auch die Uhr.",
    setting_quiet="Ruhezeit",
    setting_quiet_about="Wann soll ich nichts ungefragt schicken? Stell auch die Uhr.",
    setting_clock="Uhr",
    setting_clock_about="Wie weit ist deine Uhr der UTC voraus?",
    poll_question="Generation {number}: Was gefällt dir?",
    companion_how_poll="Wähle in der Umfrage, was dir gefällt, so viel du magst; du kannst es noch ändern.",
    setting_mode="Abstimmung",
    setting_mode_about="Mit 👍 und 👎 zu jedem Bild, oder mit einer Umfrage mit Bildern?",
    setting_mode_keyboard="👍 👎",
    setting_mode_poll="Umfrage",
    group_greeting=(
        "Hallo! Ich male für diese Gruppe, und ihr stimmt zusammen ab. Sagt /start zum Anfangen.\n"
        "Rechte brauche ich keine; als Administrator sehe ich auch Reaktionen. /settings ist für Administratoren."
    ),
    setting_share="Anfängern helfen",
    setting_share_about=(
        "Darf, was ich hier lerne, anderen helfen? Ihre ersten Alben gehen davon aus, mit vielen Stimmen vermengt; "
        "Bilder, die gefallen, dürfen einen Stil lehren. Niemand wird genannt."
    ),
    setting_yes="ja",
    setting_no="nein",
    help_operators=(
        "Für Betreiber. Ein Stil: /newstyle NAME, Bilder schicken, /done, /train NAME, dann die Knöpfe der Karte."
    ),
    something_failed=(
        "Bei mir ging etwas schief, aber nichts von dir ist verloren. "
        "Versuch es bitte nochmals; /start findet immer zurück."
    ),
    command_newstyle="Mir einen neuen Stil beibringen: /newstyle name",
    command_done="Die Bilder oder die Merkmale sind vollständig",
    command_train="Einen Stil lernen lassen: /train name",
    command_slider="Einen Regler eines Stils beibringen: /slider name wort",
    command_try="Vier Bilder eines Stils: /try name",
    command_publish="Die neueste Fassung anbieten: /publish name",
    command_rollback="Die Fassung davor anbieten: /rollback name",
    command_styles="Alle Stile, ihre Fassungen und Nutzung",
    name_needed="Sag /{command} mit einem Namen aus a bis z, Ziffern, _ und -, etwa /{command} blauer-reiter",
    lesson_title=(
        "Ein neuer Stil: {name}. Welchen Titel sollen die Leute lesen? Schreib ihn, oder schick gleich Bilder."
    ),
    lesson_pictures=(
        "Also „{title}“. Schick mir nun die Bilder, am besten 20 bis 100: als Dateien (Fotos macht "
        "Telegram weicher), als Alben oder als ein Zip von höchstens 20 MB. Eine Beschriftung gibt "
        "Stichwörter, durch Kommas getrennt; im Zip tut das eine .txt neben dem Bild oder eine "
        "metadata.jsonl. /done, wenn alle da sind."
    ),
    lesson_again=(
        "„{title}“ hat {kept} Bilder. Schick weitere, dann /done; das nächste Lernen ergibt eine neue Fassung."
    ),
    lesson_hint="Schick Bilder, oder /done, wenn alle da sind.",
    lesson_other_open=(
        "Der Unterricht in {name} ist noch offen: /done führt ihn weiter, der Knopf „Verwerfen“ gibt ihn auf."
    ),
    lesson_taken="Der Name {name} ist vergeben. Nimm einen anderen.",
    lesson_none="Es ist kein Unterricht offen: /newstyle name beginnt einen.",
    lesson_unknown=(
        "Ich kenne keinen Unterricht dieses Namens: {name}. /newstyle beginnt einen, /styles zeigt, was angeboten wird."
    ),
    lesson_unready="Der Unterricht in {name} ist noch nicht vollständig: /done führt ihn weiter.",
    lesson_waiting=(
        "Ich sehe mir noch an, was du geschickt hast, übrige Dateien: {waiting}. Versuch /done gleich noch einmal."
    ),
    lesson_too_few="Bilder bisher: {kept}. Mindestens {least} braucht es, 20 bis 100 sind besser.",
    lesson_ready="Alles bereit. /train {name} beginnt.",
    lesson_in_use="Das bleibt: {name} wird gerade gelernt, oder es wird damit gemalt.",
    lesson_discarded="Der Unterricht in {name} und seine Bilder sind gelöscht.",
    tally="{title}: {kept} Bilder aufgenommen",
    tally_waiting="Noch anzusehen: {waiting}",
    tally_refused="Nicht aufgenommen: {refused}",
    tally_next="Schick weitere, oder drück „Fertig“.",
    attributes=(
        "Was in „{title}“ verschieden sein kann, aus Stichwörtern und Pixeln "
        "gelesen:\n\n{attributes}\n\nEin Knopf lässt eines weg. Um eines zu ändern oder hinzuzufügen, "
        "schreib es wie eine Zeile oben: 3 hue: red, blue, white, black (drei zugleich), oder line: curve "
        "line, straight line (eines davon)."
    ),
    attributes_unread=(
        "Das kann ich nicht lesen. Schreib einen Namen, einen Doppelpunkt und mindestens zwei Werte: line: "
        "curve line, straight line"
    ),
    attributes_last="Ein Merkmal muss bleiben: Schreib zuerst ein anderes.",
    button_lesson_done="Fertig",
    button_discard="🗑 Verwerfen",
    button_drop="✖ {name}",
    button_attributes_done="So nehmen",
    button_training_go_on="Weiter",
    button_publish="Anbieten",
    button_try="Probieren",
    button_longer="Länger lernen",
    toast_pictures_kept="Die Bilder sind vollständig.",
    toast_attributes_kept="Die Merkmale sind notiert.",
    toast_dropped="Weggelassen.",
    toast_discarded="Verworfen.",
    toast_publishing="Wird angeboten…",
    toast_trying="Ich male vier Bilder…",
    toast_training_queued="Eingereiht. Lernvorgänge davor: {ahead}",
    toast_training_cancelled="Ich halte bei einem Zwischenstand an…",
    toast_training_goes_on="Weiter vom letzten Zwischenstand…",
    steps_bad="Die Zahl der Schritte muss {least} bis {most} sein.",
    training_title="„{title}“, Fassung {version}",
    training_queued="Wartet auf das Lernen davor.",
    training_bar="{bar} {percent} %, Schritt {step} von {steps}",
    training_left="Minuten noch: etwa {minutes}",
    training_finishing="Gelernt. Nun wird gemalt und gemessen, was daraus geworden ist…",
    training_done="Fertig: Schritt {step} von {steps} war der beste und wird genommen.",
    training_cancelled="Angehalten bei Schritt {step}.",
    training_failed="Es ist misslungen: {error}",
    training_discarded="Verworfen.",
    training_losses="Fehler bei zurückgehaltenen Bildern: ungelernt {first}, bestenfalls {best}",
    training_distance="Abstand zum Stil (1: so nah wie seine Bilder einander): ungelernt {before}, gelernt {after}",
    training_memory="Speicher: {gigabytes} GB",
    training_warning="⚠ {text}",
    verdict_nearer="Es ist dem Stil deutlich näher gekommen: Biete es an, oder probier es erst.",
    verdict_unsure="Es ist näher gekommen, aber nicht zweifelsfrei: Probier es, oder lass es länger lernen.",
    verdict_farther="Es ist dem Stil nicht näher gekommen: Mehr Bilder helfen am meisten.",
    verdict_learned="Es hat aus den Bildern gelernt; um den Abstand zu messen, waren es zu wenige.",
    verdict_nothing="Es hat nichts gelernt, was zurückgehaltene Bilder bestätigen: Mehr Bilder helfen am meisten.",
    nothing_trained="{name} hat noch nichts fertig gelernt: /train {name} beginnt.",
    publish_failed="Das hat nicht geklappt: {error}",
    published=(
        "„{title}“, Fassung {version}, wird nun angeboten. Laufende Evolutionen behalten die Fassung, mit "
        "der sie begannen."
    ),
    tried="„{title}“, zufällig gezogen",
    rollback_nothing="Von {name} wurde nie eine frühere Fassung angeboten.",
    styles_title="Diese Stile werden angeboten:",
    styles_line="· {name}: {version}, {megabytes} MB, Evolutionen: {sessions}",
    styles_version="Fassung {version}",
    styles_shipped="wie mitgeliefert",
    refused_not_a_picture="ist kein Bild als JPEG, PNG oder WebP; speichere es als eines davon",
    refused_broken="ist beschädigt; speichere es neu als PNG oder JPEG",
    refused_too_large="hat mehr als 40 Megapixel; verkleinere es",
    refused_too_small="ist kleiner als 96 px; such eine größere Kopie",
    refused_too_heavy="ist größer als 20 MB; verkleinere es, oder schick mehrere Zips",
    refused_moves="bewegt sich; schick ein stehendes Bild",
    refused_two_in_one="ist Bild und Archiv in einem; speichere es neu als PNG",
    refused_known="ist schon da, als {other}",
    refused_alike="sieht aus wie {other}; eines von beiden genügt",
    refused_bad_name="hat einen Namen, der aus dem Zip hinausführt; packe die Bilder neu",
    refused_a_link="ist ein Verweis und keine Datei; packe das Bild selbst ein",
    refused_encrypted="ist durch ein Passwort gesperrt; packe ohne eines",
    refused_too_many="enthält mehr als 200 Dateien; schick mehrere Zips",
    refused_too_heavy_together="wird entpackt zu groß; schick mehrere Zips",
    refused_bomb="wird entpackt mehr als hundertmal so groß, was kein Bild tut; speichere es neu als PNG",
    refused_broken_zip="ist ein beschädigtes Zip; packe die Bilder neu",
    refused_nothing_in_it="enthält kein Bild; leg JPEG-, PNG- oder WebP-Dateien hinein",
    refused_too_costly="braucht zu viel Speicher oder Zeit; verkleinere es",
    refused_not_fetched="war von Telegram nicht zu holen; schick es noch einmal",
    slider_how="Sag /slider mit dem Namen des Stils und einem für den Regler: /slider blauer-reiter brightness",
    slider_low=(
        "Zwei Gruppen von Bildern ergeben den Regler {slider}: dasselbe erst mit wenig davon, dann mit "
        "viel. Schick zuerst die mit wenig: eines genügt, mehrere sind besser. /done, wenn alle da sind."
    ),
    slider_high=(
        "Nun dieselben Bilder mit viel {slider}, in derselben Reihenfolge und ebenso viele: {count}. Dann /done."
    ),
    slider_none="Schick zuerst mindestens ein Bild.",
    slider_uneven=(
        "Die Gruppen müssen Paare bilden: {low} mit wenig, {high} mit viel. Schick, was fehlt, oder "
        "verwirf sie und fang neu an."
    ),
    training_slider="Regler: {slider}",
    command_retrain="Neu lernen, auch aus Gemochtem: /retrain name [weekly|off]",
    retrain_unpublished=(
        "Biete {name} erst an: Dann kann es neu lernen, aus neuen Bildern und aus denen, die gefallen."
    ),
    retrain_how="Sag /retrain {name}, um jetzt neu zu lernen, mit weekly dahinter jede Woche, mit off nicht mehr.",
    retrain_weekly=(
        "{name} lernt jede Woche neu, aus neuen Bildern und aus gemochten von Chats, die Gelerntes teilen. "
        "Jede Fassung ist nur ein Vorschlag: Du bietest sie an oder nicht."
    ),
    retrain_off="{name} lernt nur noch neu, wenn du es sagst.",
    training_compared="Oben: was jetzt angeboten wird. Unten: diese Fassung, mit denselben Startzahlen.",
    slider_side_low="wenig",
    slider_side_high="viel",
    no_room=(
        "Meine Festplatte ist voll, darum ruht das Malen. Deine Stimmen sind sicher, und offene "
        "Alben nehmen weiter Stimmen an. Sobald Platz ist, mache ich von selbst weiter."
    ),
    no_room_operators=(
        "Meine Festplatte ist voll und das Malen ruht; Stimmen werden weiter angenommen. Frei: "
        "{free} GB; für Bilder vorgesehen: {budget} GB. Schaff Platz oder erhöhe "
        "VERNISSAGE_DISK_BUDGET. Ich mache von selbst weiter; vernissage doctor sagt mehr."
    ),
    command_share="Ein Link, der diesen Geschmack weitergibt",
    command_blend="Ein Link, der den Geschmack von Freunden mit diesem kreuzt",
    button_unshare="🚫 Nicht mehr teilen",
    share_link=(
        "Wer diesen Link öffnet, beginnt mit einer Kopie dieses Prompt-Modells ({title}). Es "
        "nennt niemanden, und was andere mögen, ändert hier nichts.\n\n"
        "{link}"
    ),
    blend_link=(
        "Wer diesen Link öffnet, kreuzt den eigenen Geschmack in {title} mit diesem und beginnt "
        "neu mit beiden. Er nennt niemanden.\n\n"
        "{link}"
    ),
    share_nothing="Noch gibt es nichts zu teilen: Stimm erst über ein Album ab.",
    share_stopped="Dieser Link führt nirgends mehr hin. Was Freunde damit begonnen haben, bleibt ihres.",
    share_gone="Dieser Link führt nirgends mehr hin. /start beginnt deine eigene Evolution.",
    share_opened=(
        "Jemand hat einen Geschmack mit dir geteilt: {title}, gelernt aus {generations} "
        "Generationen und {votes} Stimmen.\n"
        "Gleich kommt das nächste Album. Ab jetzt führst du: 👍 und 👎 machen ihn zu deinem."
    ),
    share_under_way="Hier läuft schon eine Evolution. Beende sie mit /stop, dann öffne den Link noch einmal.",
    blended=(
        "Zwei Geschmäcker in einem: {title}, deiner und der deines Freundes, gelernt aus "
        "{generations} Generationen und {votes} Stimmen.\n"
        "Gleich kommt das erste Album von beiden. Ab jetzt führst du."
    ),
    blend_none=(
        "In {title} hast du noch keinen eigenen Geschmack. Sag /start, wähle {title}, stimm ein "
        "wenig ab, dann /stop, und öffne den Link noch einmal."
    ),
    blend_other_style=(
        "Dieser Geschmack ist im Stil {title}, deiner in {own}: Kreuzen lassen sich nur zwei im "
        "selben Stil. Sag /start, wähle {title}, stimm ein wenig ab, dann /stop, und öffne den "
        "Link noch einmal."
    ),
    toast_unshared="Der Link ist beendet.",
    toast_not_your_link="Nur wer diesen Link gemacht hat, kann ihn beenden.",
    command_audit="Letzte Handlungen der Betreiber",
    audit_title="Die letzten Handlungen ({count}), die neueste zuerst, in UTC:",
    toast_operators_only="Das ist nur für die Betreiber dieses Bots.",
    toast_operators_in_private="Befehle und Knöpfe für Betreiber gelten nur in unserem privaten Chat.",
    toast_operators_by_hand="Weitergeleitete Befehle gelten nicht: bitte schreib ihn selbst.",
    command_queue="Was malt und wartet",
    command_stats="Nutzung und Zeiten",
    command_ban="Person oder Chat sperren",
    command_unban="Sperre aufheben",
    command_quota="Bilder am Tag",
    command_drain="Fertig malen, nichts Neues annehmen",
    command_resume="Wieder Arbeit annehmen",
    command_broadcast="Eine Nachricht an alle Chats",
    toast_banned="Die Betreiber dieses Bots haben ihn für dich gesperrt.",
    toast_drained="Ich werde gleich gewartet und male gerade nichts Neues. Deine Stimmen bleiben: versuch es später.",
    toast_quota="Es gibt {quota} Bilder am Tag, und {used} sind gemalt. Deine Stimmen bleiben; mehr in {left}.",
    ban_how="/ban ID Grund sperrt eine Person oder einen Chat; Gruppen haben Ids unter null. Gesperrt: {count}",
    ban_operator="Ein Betreiber kann nicht gesperrt werden: nimm die Id erst aus VERNISSAGE_OPERATORS.",
    ban_done="{who} ist gesperrt: einmal verständigt, Stimmen zählen nicht. /unban {who} hebt es auf.",
    unban_how="/unban ID hebt eine Sperre auf; /ban zeigt sie.",
    unban_nothing="{who} ist nicht gesperrt.",
    unban_done="{who} ist wieder willkommen.",
    quota_how=(
        "/quota 60 für jeden Chat und jede Person, /quota ID 60 für einen, „none“ statt einer Zahl nimmt es "
        "weg. Tage nach UTC. Jetzt:"
    ),
    quota_everybody="alle: {pictures} Bilder am Tag",
    quota_of="{who}: {pictures} Bilder am Tag",
    quota_nobody="kein Kontingent",
    drain_begun=(
        "Ich male fertig, was läuft, und beginne nichts Neues. Ich sage, wann du mich anhalten kannst; "
        "/resume beendet das."
    ),
    drain_safe="Es wird nichts mehr gemalt: du kannst mich anhalten. Bis /resume nehme ich nichts Neues an.",
    resume_done="Ich nehme wieder Arbeit an.",
    resume_nothing="Ich war nicht am Auslaufen.",
    broadcast_how=(
        "/broadcast TEXT sendet einen Text an alle Chats, nachdem du ihn bestätigt hast; höchstens {most} Zeichen."
    ),
    broadcast_sure="So wird es aussehen. Chats, an die es geht: {count}. Senden?",
    button_broadcast_send="📣 Senden ({count})",
    broadcast_begun="Es ist unterwegs.",
    broadcast_discarded="Verworfen: nichts wurde gesendet.",
    broadcast_stopping="Ich halte an.",
    broadcast_progress="Gesendet: {sent} von {total}",
    broadcast_done=(
        "Die Rundsendung ist zu Ende. Gesendet: {sent}, nicht erreichbar: {failed}, unbekannt (nie nochmals "
        "gesendet): {unknown}, nicht versucht: {left}."
    ),
    queue_title="In Arbeit: {count}",
    queue_empty="Nichts malt, wartet oder lernt.",
    queue_line="• {title} ({chat}): {style}, Generation {number}, {state}, seit {time}",
    queue_painting="malt {percent} %",
    queue_waiting="wartet",
    queue_sending="wird gesendet",
    cancelled_by_operator="Ein Betreiber hat dieses Malen abgebrochen. /start beginnt neu.",
    cancelled_by_operator_to_voting=(
        "Ein Betreiber hat das Malen abgebrochen. Generation {number} ist wieder offen, eure Stimmen bleiben."
    ),
    stats=(
        "Chats: {chats} ({reachable} erreichbar)\n"
        "Wählende: {voters}, Stimmen: {votes}\n"
        "Generationen: {generations}, Bilder: {pictures}\n"
        "Tipp bis Antwort (Median, seit dem Start): {tap}\n"
        "Schluss bis Album (Median, 7 Tage): {album}\n"
        "Das Bild: Generationen (grün) und Wählende (schwarz) am Tag, letzte {days} Tage, UTC"
    ),
)
