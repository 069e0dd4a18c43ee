"""Spanish."""

from bot.words.catalogue import Words

SPANISH = Words(
    language_name="Español",
    command_start="Empezar, o empezar de nuevo",
    command_new="Una evolución nueva",
    command_style="Elegir un estilo",
    command_paint="Más cuadros a tu gusto",
    command_best="Los mejores cuadros hasta ahora",
    command_taste="Lo que he aprendido de tu gusto",
    command_lineage="El árbol genealógico de los cuadros",
    command_original="Un cuadro como archivo, con su receta",
    command_export="Tu modelo de prompts como archivo",
    command_import="Empezar con un modelo de prompts de un archivo",
    command_settings="Cuadros, tiempo, idioma y más",
    command_stop="Terminar esta evolución",
    command_forget="Borrar lo que guardo de ti",
    command_help="Cómo funciona",
    welcome=(
        "Vernissage pinta para ti, y nunca escribes un prompt.\n"
        "Toca 👍 y 👎 en los cuadros: cada generación se acerca más a tu gusto."
    ),
    choose_style="Elige un estilo para empezar:",
    style_caption="{title}: así pinta.",
    no_styles="Aquí aún no hay ningún estilo que el modelo cargado sepa pintar. El motivo está en el registro del bot.",
    under_way="Estás en medio de una evolución: {title}, generación {number}. ¿Seguir, o empezar de nuevo?",
    help=(
        "Pinto un álbum de cuadros numerados. Debajo hay un 👍 y un 👎 para cada número: toca lo que te gusta y lo que "
        "no; tocar otra vez lo retira. Luego pulsa «Siguiente generación»: estará más cerca de tu gusto.\n\n"
        "/start empieza, /new empieza de nuevo, /style muestra los estilos\n"
        "/best muestra los mejores cuadros hasta ahora\n"
        "/paint 4 pinta cuatro más a tu gusto, sin votación\n"
        "/taste muestra lo que he aprendido de tu gusto\n"
        "/lineage muestra el árbol genealógico de los cuadros\n"
        "/original 3 envía el cuadro 3 como archivo con su receta, /original 2.3 el de la generación 2\n"
        "/export envía tu modelo de prompts como archivo, /import empieza con uno\n"
        "/share hace un enlace que pasa tu gusto a otros, /blend uno que lo cruza con el de un amigo\n"
        "/settings: cuadros por álbum, límites de tiempo, idioma y más\n"
        "/stop termina la evolución\n"
        "/forget borra lo que guardo de ti\n"
        "/help muestra esto\n\n"
        "Tu número de Telegram es {person}."
    ),
    unknown_command="No conozco ese comando. /start empieza, /best muestra lo mejor, /stop termina, /help ayuda.",
    plain_text="Aquí no hacen falta palabras: tus toques me dicen qué te gusta. /start empieza, /help explica.",
    not_allowed="Este bot está reservado a otros chats, lo siento. Quien lo lleva puede añadir este: {chat}",
    nothing_under_way="Todavía no se pinta nada para ti: /start empieza.",
    button_style="🎨 {title}",
    button_go_on="▶️ Seguir",
    button_anew="🌱 Empezar de nuevo",
    button_next="➡️ Siguiente generación",
    button_best="⭐ Lo mejor",
    button_stop="⏹ Terminar",
    button_cancel="✖️ Cancelar",
    button_try_again="🔁 Intentar otra vez",
    button_show_again="🖼 Mostrar otra vez",
    button_like="{number} 👍",
    button_like_chosen="{number} 👍 ✓",
    button_dislike="{number} 👎",
    button_dislike_chosen="{number} 👎 ✓",
    card_starting="Generación {number}: mezclando los colores…",
    card_queued="Generación {number}: en la cola, {ahead} por delante.",
    card_next_in_line="Generación {number}: eres quien sigue.",
    card_painting="Pintando la generación {number}\n{bar} {percent} %",
    cancelled_to_voting="Cancelado. La generación {number} vuelve a estar abierta: sigue votando o avanza de nuevo.",
    cancelled_to_styles="Cancelado. Elige un estilo cuando quieras:",
    painter_busy="Hay mucha gente pintando y la cola está llena. Tus votos se guardan: prueba dentro de un minuto.",
    painter_stopped="El pintor tuvo que dejar el pincel. Tus votos se guardan: prueba otra vez en un momento.",
    painting_failed="No se pudo pintar esta generación. Tus votos se guardan: prueba otra vez.",
    style_gone="El estilo «{title}» no está ahora mismo. Tus votos se guardan: prueba más tarde, o /start de nuevo.",
    companion_title="Generación {number}",
    companion_how="Toca lo que te gusta y lo que no; tocar otra vez lo retira.",
    companion_votes="Votos hasta ahora: {likes} 👍, {dislikes} 👎",
    companion_voters="Han votado: {voters}",
    companion_closed="Generación {number} (cerrada)",
    companion_uncertain="Si no te llegaron los cuadros, pulsa «Mostrar otra vez».",
    toast_liked="Te gusta el {number}",
    toast_disliked="No te gusta el {number}",
    toast_taken_back="Retirado: {number}",
    toast_generation_closed="Esa generación está cerrada. Vota en la más nueva, por favor.",
    toast_painting_next="Esa generación está cerrada: se está pintando la siguiente.",
    toast_next="¡Gracias! Pintando la siguiente generación.",
    toast_next_without_votes="Esta vez sin votos, así que miro un poco más alrededor.",
    toast_style_chosen="{title}: pintando tu primera generación.",
    toast_style_gone="Ese estilo ya no está. /start muestra los que hay.",
    toast_going_on="Aquí tienes.",
    toast_anew="Un nuevo comienzo: elige un estilo.",
    toast_cancelled="Cancelado.",
    toast_nothing_to_cancel="Ya no hay nada que cancelar.",
    toast_stopped="Terminado.",
    toast_nothing_to_stop="Esta evolución ya terminó. /start empieza una nueva.",
    toast_trying_again="Probando otra vez.",
    toast_nothing_to_try="Eso ya está resuelto.",
    toast_showing_again="Enviando los cuadros otra vez.",
    toast_best_coming="Colgando lo mejor hasta ahora…",
    toast_no_best="Aún no te gusta nada: toca primero un 👍.",
    toast_unknown_button="Ese botón ya no hace nada. /start muestra qué se puede.",
    toast_session_over="Esa evolución terminó. /start empieza una nueva.",
    toast_under_way="Ya hay una evolución en marcha.",
    toast_not_allowed="Este bot está reservado a otros chats, lo siento.",
    no_best="Aún no te gusta nada: toca 👍 en un cuadro y colgará aquí.",
    best_caption="Lo mejor hasta ahora (/original 2.3 envía el cuadro 3 de la generación 2 como archivo)",
    best_line="generación {generation}: {numbers}",
    stopped=(
        "Terminado tras la generación {number}. ¡Gracias por mirar! "
        "/best sigue mostrando tus favoritos, /start empieza de nuevo."
    ),
    stopped_early="Terminado. /start empieza de nuevo.",
    stop_nothing="No hay nada que terminar. /start empieza.",
    button_original="🖼 {number}",
    original_which="¿Qué cuadro de la generación {generation} quieres como archivo?",
    original_how="Di /original 3 para el cuadro 3 del último álbum, o /original 2.3 para el 3 de la generación 2.",
    original_no_generation="En esta evolución no hay tal generación. /best dice los números de los que te gustan.",
    original_no_picture="La generación {generation} tiene los cuadros 1 a {last}: di uno de esos números.",
    original_gone="Ese cuadro ya no está en mi disco. Su seed era {seed}.",
    original_caption=(
        "Generación {generation}, cuadro {number}: el archivo lleva toda su receta.\n\n"
        "{prompt}\n"
        "seed {seed} · pasos {steps} · guidance {guidance}\n"
        "modelo {model} · adaptadores {adapters}"
    ),
    toast_original_coming="Trayendo el original…",
    taste_nothing="Aún no sé nada de tu gusto: toca 👍 y 👎 bajo un álbum y vuelve a preguntar.",
    taste_title="Lo que he aprendido. Generaciones: {generations}, votos: {likes} 👍, {dislikes} 👎.",
    taste_likes="💚 Gusta, seguro: {what}.",
    taste_dislikes="💔 No gusta, seguro: {what}.",
    taste_perhaps="🤔 Quizá gusta: {what}.",
    taste_open="De momento nada destaca.",
    taste_slider_high="mucho {name}",
    taste_slider_middle="{name} medio",
    taste_slider_low="poco {name}",
    taste_certainty="Conozco alrededor del {percent} % de este gusto.",
    taste_until="Votos que quizá falten hasta estar seguro: {votes}.",
    taste_until_unknown="Es pronto para decir cuántos votos más necesito.",
    taste_sure="Con eso basta para estar seguro de lo principal.",
    taste_contradictory=(
        "Los votos se contradicen: el azar los explica tan bien como cualquier gusto. "
        "Marca menos cuadros: los que colgarías en la pared."
    ),
    taste_drifting="El gusto cambia por el camino: los votos nuevos pesan más. /start empieza de nuevo si quieres.",
    taste_uniform="Los últimos cuadros son casi iguales: marca unos 👎 para ver otros.",
    taste_camps="Hay dos gustos entre vosotros, de {first} y {second} votantes: ambos tienen su lugar.",
    taste_legend="En la imagen: el punto es lo que creo, la barra cuánto puedo errar; lo pálido aún no es seguro.",
    lineage_nothing="Todavía no hay ningún álbum: /start empieza, y la familia crece con tus 👍.",
    lineage_caption=(
        "El árbol genealógico, generaciones {first} a {last}. Un marco es «gusta», una cruz roja «no gusta». "
        "Las líneas van de los que gustaron a los del álbum siguiente que más comparten con ellos: no guardo padres, "
        "pues cada cuadro nuevo bebe de todo lo aprendido."
    ),
    export_caption=(
        "Tu modelo de prompts: {title}, generaciones: {generations}. No nombra a nadie. "
        "Envíamelo en cualquier chat, o dáselo a alguien: sigue desde aquí."
    ),
    export_too_large="Este modelo de prompts ya no cabe en un archivo. Empieza uno nuevo con /start.",
    import_how=(
        "Envíame el archivo de un modelo de prompts (lo hace /export): en nuestro chat privado sin más, "
        "en un grupo con /import como pie, o responde a él con /import."
    ),
    import_under_way="Aquí hay una evolución en marcha. Termínala con /stop y envía el archivo otra vez.",
    import_too_large="Ese archivo pasa de {limit} MB, así que no es mío. Envía uno hecho con /export.",
    import_foreign="No puedo leer ese archivo como modelo de prompts. Envía uno hecho con /export, sin cambios.",
    import_newer="Ese archivo lo hizo una versión mía más nueva. Pide que me actualicen y envíalo otra vez.",
    import_damaged="Ese modelo de prompts está dañado, o se cambió a mano. Expórtalo otra vez, por favor.",
    import_no_style="Ese modelo aprendió el estilo «{title}», que aquí no está. Aquí hay: {styles}.",
    import_other_space=(
        "El estilo «{title}» tiene otros atributos que los que aprendió ese modelo: no encaja. "
        "Impórtalo donde se hizo, o empieza aquí de nuevo con /start."
    ),
    imported="Bienvenido de nuevo: {title}, generaciones: {generations}, votos: {votes}. Sigo desde ahí…",
    imported_other_version="El estilo se entrenó de nuevo desde entonces: los cuadros pueden cambiar un poco.",
    button_keep="Guardarlo todo",
    button_forget="🗑 Borrarlo todo",
    forget_sure=(
        "¿Borro todo lo que guardo de ti? No hay vuelta atrás; /export salva antes tu modelo de prompts.\n\n"
        "Se va: tu nombre e idioma; las evoluciones de este chat con todo lo aprendido, y sus cuadros en mi disco; tus "
        "votos en cada grupo, también de lo que los grupos han aprendido.\n\n"
        "Se queda: los cuadros de los grupos y los votos de los demás; los mensajes de Telegram, que puedes borrar; "
        "las copias y registros que haya hecho quien me lleva."
    ),
    forget_in_private="Eso queda entre tú y yo: di /forget en nuestro chat privado. Borra también tus votos de aquí.",
    forget_kept="No se ha borrado nada.",
    forgotten="Todo lo que guardaba de ti está borrado. Adiós, y /start cuando quieras.",
    toast_kept="No se ha borrado nada.",
    toast_forgetting="Borrando…",
    button_sure="Sí, siguiente generación",
    close_sure="Solo han votado {voted} de {awaited}. ¿Cerrar esta generación de todos modos?",
    companion_voters_of="Han votado: {voters} de {awaited}",
    companion_left="Queda: {left}",
    companion_time_over="Se acabó el tiempo: el primer voto trae la siguiente generación.",
    companion_closers_starter="«Siguiente generación» la pulsa quien empezó, o quien administra.",
    companion_closers_administrators="«Siguiente generación» la pulsan los administradores.",
    companion_closers_everyone="«Siguiente generación» la puede pulsar cualquiera.",
    reminder="⏳ Quedan {left} para votar. Han votado: {voted}.",
    reminder_of="⏳ Quedan {left} para votar. Han votado: {voted} de {awaited}.",
    span_minutes="{count} min",
    span_hours="{count} h",
    span_days="{count} d",
    toast_few_voted="Han votado pocos: abajo pregunto si es seguro.",
    toast_not_yours_to_close="Eso lo puede quien empezó esta evolución, o quien administra. /settings dice quién.",
    paint_caption="A tu gusto: {title}",
    paint_how="Di /paint, o /paint y un número del 1 al {most}.",
    settings_title="⚙️ Ajustes de este chat. Pulsa lo que quieras cambiar:",
    settings_administrators="En un grupo, los ajustes los eligen los administradores.",
    toast_administrators_only="Solo los administradores pueden cambiarlo.",
    toast_setting="{title}: {value}",
    button_back="◀️ Atrás",
    setting_none="ninguno",
    setting_size="Cuadros por álbum",
    setting_size_about="¿Cuántos cuadros ha de tener un álbum? Vale desde la próxima generación.",
    setting_limit="Límite de tiempo",
    setting_limit_about="¿Tras cuánto tiempo debe cerrarse sola una generación, si alguien ha votado?",
    setting_quorum="Bastan votantes",
    setting_quorum_about=(
        "Una generación se cierra poco después de que voten tantos; sin número, cuando votan todos los que "
        "participaron antes."
    ),
    setting_closers="Quién puede cerrar",
    setting_closers_about="¿Quién puede pulsar «Siguiente generación» y «Terminar»?",
    setting_closers_starter="Quien empezó, admins",
    setting_closers_administrators="Admins",
    setting_closers_everyone="Todos",
    setting_counts="Recuento antes del cierre",
    setting_counts_about="Si está oculto, nadie ve qué gusta a los demás hasta que la generación se cierra.",
    setting_hidden="oculto",
    setting_shown="visible",
    setting_style="Estilo",
    setting_style_about="¿Con qué estilo debe empezar /new?",
    setting_style_ask="preguntar",
    setting_language="Idioma",
    setting_language_about="¿En qué idioma hablo aquí?",
    setting_language_own="el de cada uno",
    setting_daily="Vernissage diaria",
    setting_daily_about="¿A qué hora cuelgo aquí cada día la siguiente generación? Ajusta también el reloj.",
    setting_quiet="Horas de silencio",
    setting_quiet_about="¿Cuándo no debo enviar nada sin que se pida? Ajusta también el reloj.",
    setting_clock="Reloj",
    setting_clock_about="¿Cuánto va tu reloj por delante de UTC?",
    poll_question="Generación {number}: ¿qué te gusta?",
    companion_how_poll="Elige en la encuesta lo que te gusta, cuanto quieras; puedes cambiarlo.",
    setting_mode="Votación",
    setting_mode_about="¿Con 👍 y 👎 en cada cuadro, o con una encuesta con cuadros?",
    setting_mode_keyboard="👍 👎",
    setting_mode_poll="encuesta",
    group_greeting=(
        "¡Hola! Pinto para este grupo, y votáis juntos. Decid /start para empezar.\n"
        "No necesito permisos; como administrador veo además las reacciones. /settings es para administradores."
    ),
    setting_share="Ayudar a quien empieza",
    setting_share_about=(
        "¿Puede lo aprendido aquí ayudar a otros? Sus primeros álbumes parten de ello, mezclado con muchos votos; "
        "los cuadros que gustan pueden enseñar un estilo. Sin nombres."
    ),
    setting_yes="sí",
    setting_no="no",
    help_operators=(
        "Para operadores. Un estilo: /newstyle NOMBRE, envía cuadros, /done, /train NOMBRE, luego los botones."
    ),
    something_failed=(
        "Algo falló por mi parte, pero no se ha perdido nada tuyo. "
        "Inténtalo otra vez, por favor; /start siempre encuentra el camino de vuelta."
    ),
    command_newstyle="Enseñarme un estilo nuevo: /newstyle nombre",
    command_done="Las imágenes o los atributos están completos",
    command_train="Entrenar un estilo: /train nombre",
    command_slider="Enseñar un control de un estilo: /slider nombre palabra",
    command_try="Cuatro imágenes de un estilo: /try nombre",
    command_publish="Ofrecer la versión más nueva: /publish nombre",
    command_rollback="Ofrecer la versión anterior: /rollback nombre",
    command_styles="Todos los estilos, sus versiones y su uso",
    name_needed="Escribe /{command} con un nombre de letras a–z, cifras, _ y -, por ejemplo /{command} blue-rider",
    lesson_title="Un estilo nuevo: {name}. ¿Qué título leerá la gente? Escríbelo, o envía imágenes directamente.",
    lesson_pictures=(
        "Será «{title}». Ahora envíame sus imágenes, mejor de 20 a 100: como archivos (Telegram suaviza "
        "las fotos), en álbumes o en un zip de 20 MB como máximo. El pie da etiquetas separadas por comas; "
        "en un zip lo hace un .txt junto a la imagen o un metadata.jsonl. Di /done cuando estén todas."
    ),
    lesson_again=(
        "«{title}» tiene {kept} imágenes. Envía más y luego /done; el próximo entrenamiento será una versión nueva."
    ),
    lesson_hint="Envía imágenes, o /done cuando estén todas.",
    lesson_other_open="La lección de {name} sigue abierta: /done la continúa, el botón «Descartar» la abandona.",
    lesson_taken="El nombre {name} ya está en uso. Elige otro.",
    lesson_none="No hay ninguna lección abierta: /newstyle nombre empieza una.",
    lesson_unknown=(
        "No conozco ninguna lección con ese nombre: {name}. /newstyle empieza una, /styles muestra lo que se ofrece."
    ),
    lesson_unready="La lección de {name} aún no está completa: /done la continúa.",
    lesson_waiting=(
        "Todavía miro lo que enviaste, archivos restantes: {waiting}. Prueba /done otra vez en un momento."
    ),
    lesson_too_few="Imágenes hasta ahora: {kept}. Hacen falta al menos {least}, mejor de 20 a 100.",
    lesson_ready="Todo listo. Para empezar: /train {name}",
    lesson_in_use="Eso se queda: {name} se está entrenando, o hay quien pinta con él.",
    lesson_discarded="La lección de {name} y sus imágenes están borradas.",
    tally="{title}: {kept} imágenes aceptadas",
    tally_waiting="Por mirar: {waiting}",
    tally_refused="No aceptadas: {refused}",
    tally_next="Envía más, o pulsa «Listo».",
    attributes=(
        "Lo que puede variar en «{title}», según etiquetas y píxeles:\n\n{attributes}\n\nUn botón quita "
        "uno. Para cambiar o añadir uno, escríbelo como una línea de arriba: 3 hue: red, blue, white, "
        "black (tres a la vez), o line: curve line, straight line (uno de ellos)."
    ),
    attributes_unread=(
        "No puedo leer eso. Escribe un nombre, dos puntos y al menos dos valores: line: curve line, straight line"
    ),
    attributes_last="Tiene que quedar un atributo: escribe antes otro.",
    button_lesson_done="Listo",
    button_discard="🗑 Descartar",
    button_drop="✖ {name}",
    button_attributes_done="Aceptar así",
    button_training_go_on="Continuar",
    button_publish="Publicar",
    button_try="Probar",
    button_longer="Entrenar más",
    toast_pictures_kept="Las imágenes están completas.",
    toast_attributes_kept="Los atributos están guardados.",
    toast_dropped="Quitado.",
    toast_discarded="Descartado.",
    toast_publishing="Publicando…",
    toast_trying="Pinto cuatro imágenes…",
    toast_training_queued="En cola. Entrenamientos por delante: {ahead}",
    toast_training_cancelled="Me detengo en un punto de control…",
    toast_training_goes_on="Sigo desde el último punto de control…",
    steps_bad="El número de pasos debe estar entre {least} y {most}.",
    training_title="«{title}», versión {version}",
    training_queued="Espera al entrenamiento anterior.",
    training_bar="{bar} {percent} %, paso {step} de {steps}",
    training_left="Minutos que faltan: unos {minutes}",
    training_finishing="Ya ha aprendido. Pinto y mido el resultado…",
    training_done="Hecho: el paso {step} de {steps} fue el mejor y es el elegido.",
    training_cancelled="Detenido en el paso {step}.",
    training_failed="Ha fallado: {error}",
    training_discarded="Descartado.",
    training_losses="Error con imágenes reservadas: {first} sin aprender, {best} en el mejor caso",
    training_distance=(
        "Distancia al estilo (1: tan cerca como sus imágenes entre sí): {before} sin aprender, {after} tras aprender"
    ),
    training_memory="Memoria: {gigabytes} GB",
    training_warning="⚠ {text}",
    verdict_nearer="Se ha acercado claramente al estilo: publícalo, o pruébalo antes.",
    verdict_unsure="Se ha acercado, pero no sin duda: pruébalo, o entrénalo más.",
    verdict_farther="No se ha acercado al estilo: lo que más ayuda son más imágenes.",
    verdict_learned="Ha aprendido de las imágenes; eran pocas para medir la distancia.",
    verdict_nothing="No ha aprendido nada que confirmen las imágenes reservadas: lo que más ayuda son más imágenes.",
    nothing_trained="Aún no ha terminado ningún entrenamiento de {name}: /train {name} empieza uno.",
    publish_failed="No ha funcionado: {error}",
    published=(
        "«{title}», versión {version}, se ofrece desde ahora. Las evoluciones en curso conservan la "
        "versión con la que empezaron."
    ),
    tried="«{title}», al azar",
    rollback_nothing="Nunca se publicó una versión anterior de {name}.",
    styles_title="Los estilos que se ofrecen:",
    styles_line="· {name}: {version}, {megabytes} MB, evoluciones: {sessions}",
    styles_version="versión {version}",
    styles_shipped="como vino",
    refused_not_a_picture="no es una imagen JPEG, PNG o WebP; guárdala en uno de esos formatos",
    refused_broken="está dañada; guárdala de nuevo como PNG o JPEG",
    refused_too_large="tiene más de 40 megapíxeles; redúcela",
    refused_too_small="mide menos de 96 px; busca una copia mayor",
    refused_too_heavy="pesa más de 20 MB; redúcela, o envía varios zip",
    refused_moves="se mueve; envía una imagen fija",
    refused_two_in_one="es imagen y archivo comprimido a la vez; guárdala de nuevo como PNG",
    refused_known="ya está aquí, como {other}",
    refused_alike="se parece a {other}; basta con una de las dos",
    refused_bad_name="tiene un nombre que sale del zip; comprime las imágenes de nuevo",
    refused_a_link="es un enlace y no un archivo; comprime la imagen misma",
    refused_encrypted="está protegida con contraseña; comprímela sin ella",
    refused_too_many="contiene más de 200 archivos; envía varios zip",
    refused_too_heavy_together="ocupa demasiado al descomprimirse; envía varios zip",
    refused_bomb="se descomprime a más de cien veces su tamaño, como ninguna imagen; guárdala de nuevo como PNG",
    refused_broken_zip="es un zip dañado; comprime las imágenes de nuevo",
    refused_nothing_in_it="no contiene imágenes; pon archivos JPEG, PNG o WebP",
    refused_too_costly="pide demasiada memoria o tiempo; redúcela",
    refused_not_fetched="no se pudo obtener de Telegram; envíala otra vez",
    slider_how="Escribe /slider con el nombre del estilo y uno para el control: /slider blue-rider brightness",
    slider_low=(
        "Dos grupos de imágenes forman el control {slider}: lo mismo con poco y después con mucho. Envía "
        "primero las de poco: basta una, mejor varias. Di /done cuando estén todas."
    ),
    slider_high=(
        "Ahora las mismas imágenes con mucho {slider}, en el mismo orden y otras tantas: {count}. Luego /done."
    ),
    slider_none="Envía antes al menos una imagen.",
    slider_uneven=(
        "Los grupos deben formar parejas: {low} con poco, {high} con mucho. Envía lo que falta, o descarta "
        "y empieza de nuevo."
    ),
    training_slider="Control: {slider}",
    command_retrain="Aprender otra vez, con lo que gusta: /retrain nombre [weekly|off]",
    retrain_unpublished=(
        "Publica antes {name}: entonces puede aprender otra vez, de imágenes nuevas y de las que gustan."
    ),
    retrain_how="Di /retrain {name} para aprender ahora, con weekly detrás cada semana, con off ya no.",
    retrain_weekly=(
        "{name} aprende otra vez cada semana, de imágenes nuevas y de las que gustan en chats que "
        "comparten lo aprendido. Cada versión solo se propone: tú la publicas o no."
    ),
    retrain_off="{name} solo aprende otra vez cuando tú lo digas.",
    training_compared="Arriba: lo que se ofrece ahora. Abajo: esta versión, con las mismas semillas.",
    slider_side_low="poco",
    slider_side_high="mucho",
    no_room=(
        "Mi disco está lleno, así que la pintura descansa. Tus votos están a salvo y los álbumes "
        "abiertos siguen aceptando votos. Sigo por mi cuenta en cuanto haya sitio."
    ),
    no_room_operators=(
        "Mi disco está lleno y la pintura descansa; los votos se siguen aceptando. Libre: {free} "
        "GB; previsto para imágenes: {budget} GB. Haz sitio o sube VERNISSAGE_DISK_BUDGET. Sigo "
        "por mi cuenta; vernissage doctor dice más."
    ),
    command_share="Un enlace que pasa este gusto a otros",
    command_blend="Un enlace que cruza el gusto de un amigo con este",
    button_unshare="🚫 Dejar de compartir",
    share_link=(
        "Quien abra este enlace empieza con una copia de este modelo de prompts ({title}). No "
        "nombra a nadie, y lo que les guste no cambia nada aquí.\n\n"
        "{link}"
    ),
    blend_link=(
        "Quien abra este enlace cruza su propio gusto en {title} con este y empieza de nuevo con "
        "los dos. No nombra a nadie.\n\n"
        "{link}"
    ),
    share_nothing="Todavía no hay nada que compartir: vota primero un álbum.",
    share_stopped=("Este enlace ya no lleva a ninguna parte. Lo que tus amigos empezaron con él sigue siendo suyo."),
    share_gone="Ese enlace ya no lleva a ninguna parte. /start empieza una evolución tuya.",
    share_opened=(
        "Alguien ha compartido un gusto contigo: {title}, aprendido de {generations} "
        "generaciones y {votes} votos.\n"
        "Ahora viene su próximo álbum. Desde aquí mandan tus toques: 👍 y 👎 lo hacen tuyo."
    ),
    share_under_way="Aquí hay una evolución en marcha. Termínala con /stop y vuelve a abrir el enlace.",
    blended=(
        "Dos gustos en uno: {title}, el tuyo y el de tu amigo, aprendidos de {generations} "
        "generaciones y {votes} votos.\n"
        "Ahora viene el primer álbum de los dos. Desde aquí mandan tus toques."
    ),
    blend_none=(
        "Aún no tienes un gusto propio en {title}. Di /start, elige {title}, vota un poco, luego "
        "/stop y vuelve a abrir el enlace."
    ),
    blend_other_style=(
        "Ese gusto es del estilo {title} y el tuyo de {own}: solo se cruzan dos del mismo "
        "estilo. Di /start, elige {title}, vota un poco, luego /stop y vuelve a abrir el enlace."
    ),
    toast_unshared="Enlace desactivado.",
    toast_not_your_link="Solo quien hizo este enlace puede desactivarlo.",
    command_audit="Últimas acciones de operadores",
    audit_title="Las últimas acciones ({count}), la más nueva primero, en UTC:",
    toast_operators_only="Eso es solo para los operadores de este bot.",
    toast_operators_in_private="Las órdenes y botones de operadores solo valen en nuestro chat privado.",
    toast_operators_by_hand="Una orden reenviada no vale: escríbela tú.",
    command_queue="Qué se pinta y qué espera",
    command_stats="Uso y tiempos",
    command_ban="Bloquear a una persona o un chat",
    command_unban="Levantar un bloqueo",
    command_quota="Imágenes al día",
    command_drain="Terminar y no aceptar más",
    command_resume="Volver a aceptar trabajo",
    command_broadcast="Un mensaje a todos los chats",
    toast_banned="Los operadores de este bot te lo han cerrado.",
    toast_drained=(
        "Estoy a punto de entrar en mantenimiento y no pinto nada nuevo. Tus votos se guardan: prueba más tarde."
    ),
    toast_quota="Hay {quota} imágenes al día y {used} ya están pintadas. Tus votos se guardan; más en {left}.",
    ban_how="/ban ID motivo bloquea a una persona o un chat; los grupos tienen id bajo cero. Bloqueados: {count}",
    ban_operator="No se puede bloquear a un operador: quita antes su id de VERNISSAGE_OPERATORS.",
    ban_done="{who} queda bloqueado: se le avisa una vez y sus votos no cuentan. /unban {who} lo levanta.",
    unban_how="/unban ID levanta un bloqueo; /ban los muestra.",
    unban_nothing="{who} no está bloqueado.",
    unban_done="{who} vuelve a ser bienvenido.",
    quota_how=(
        "/quota 60 para cada chat y persona, /quota ID 60 para uno, «none» en vez del número lo quita. Días "
        "en UTC. Ahora:"
    ),
    quota_everybody="todos: {pictures} imágenes al día",
    quota_of="{who}: {pictures} imágenes al día",
    quota_nobody="sin cuota",
    drain_begun=(
        "Termino lo que está en marcha y no empiezo nada nuevo. Te aviso cuando se pueda parar; /resume lo acaba."
    ),
    drain_safe="Ya no se pinta nada: se puede parar. No acepto nada nuevo hasta /resume.",
    resume_done="Vuelvo a aceptar trabajo.",
    resume_nothing="No estaba en pausa.",
    broadcast_how=(
        "/broadcast TEXTO envía un texto a todos los chats cuando lo confirmes; como mucho {most} caracteres."
    ),
    broadcast_sure="Así se verá. Chats que lo reciben: {count}. ¿Enviar?",
    button_broadcast_send="📣 Enviar ({count})",
    broadcast_begun="Está en camino.",
    broadcast_discarded="Descartado: no se envió nada.",
    broadcast_stopping="Deteniendo.",
    broadcast_progress="Enviados: {sent} de {total}",
    broadcast_done=(
        "El envío ha terminado. Enviados: {sent}, inaccesibles: {failed}, desconocidos (nunca se reenvían): "
        "{unknown}, sin intentar: {left}."
    ),
    queue_title="En marcha: {count}",
    queue_empty="Nada se pinta, espera ni entrena.",
    queue_line="• {title} ({chat}): {style}, generación {number}, {state}, desde hace {time}",
    queue_painting="pintando {percent} %",
    queue_waiting="esperando",
    queue_sending="enviándose",
    cancelled_by_operator="Un operador ha cancelado esta pintura. /start empieza de nuevo.",
    cancelled_by_operator_to_voting=(
        "Un operador ha cancelado la pintura. La generación {number} está abierta otra vez; los votos se guardan."
    ),
    stats=(
        "Chats: {chats} ({reachable} accesibles)\n"
        "Votantes: {voters}, votos: {votes}\n"
        "Generaciones: {generations}, imágenes: {pictures}\n"
        "Del toque a la respuesta (mediana, desde el arranque): {tap}\n"
        "Del cierre al álbum (mediana, 7 días): {album}\n"
        "El gráfico: generaciones (verde) y votantes (negro) por día, últimos {days} días, UTC"
    ),
)
