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
        "¿Puede lo aprendido aquí ayudar a los primeros álbumes de otros? Se mezcla con muchos votos, sin nombres."
    ),
    setting_yes="sí",
    setting_no="no",
    something_failed=(
        "Algo falló por mi parte, pero no se ha perdido nada tuyo. "
        "Inténtalo otra vez, por favor; /start siempre encuentra el camino de vuelta."
    ),
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
