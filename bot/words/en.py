"""English."""

from bot.words.catalogue import Words

ENGLISH = Words(
    language_name="English",
    command_start="Begin, or begin anew",
    command_new="A new evolution",
    command_style="Choose a style",
    command_paint="More pictures in your taste",
    command_best="The best pictures so far",
    command_taste="What I have learned of your taste",
    command_lineage="The family tree of the pictures",
    command_original="A picture as a file, with its recipe",
    command_export="Your prompting model as a file",
    command_import="Begin with a prompting model from a file",
    command_settings="Pictures, time, language and more",
    command_stop="End this evolution",
    command_forget="Erase what I keep of you",
    command_help="How this works",
    welcome=(
        "Vernissage paints for you, and you never write a prompt.\n"
        "Tap 👍 and 👎 on the pictures: each generation comes nearer to your taste."
    ),
    choose_style="Choose a style to begin with:",
    style_caption="{title}: this is how it paints.",
    no_styles="There is no style here yet that the loaded model can paint. Whoever runs this bot finds why in its log.",
    under_way="You are in the middle of an evolution: {title}, generation {number}. Go on with it, or start anew?",
    help=(
        "I paint an album of numbered pictures. Under it you find a 👍 and a 👎 for each number: tap what you like and "
        "what you don't, tap again to take it back. Then press “Next generation”: it is nearer to your taste.\n\n"
        "/start begins, /new begins anew, /style shows the styles\n"
        "/best shows the best pictures so far\n"
        "/paint 4 paints four more in your taste, with no vote\n"
        "/taste shows what I have learned of your taste\n"
        "/lineage shows the family tree of the pictures\n"
        "/original 3 sends picture 3 as a file with its recipe, /original 2.3 that of generation 2\n"
        "/export sends your prompting model as a file, /import begins with one\n"
        "/share makes a link that hands on your taste, /blend one that crosses it with a friend's\n"
        "/settings: pictures an album, time limits, language and more\n"
        "/stop ends the evolution\n"
        "/forget erases what I keep of you\n"
        "/help shows this\n\n"
        "Your Telegram id is {person}."
    ),
    unknown_command="I don't know that command. /start begins, /best shows the best so far, /stop ends, /help helps.",
    plain_text="No words are needed here: your taps tell me what you like. /start begins or goes on, /help explains.",
    not_allowed="This bot is reserved for other chats, sorry. Whoever runs it can add this one: {chat}",
    nothing_under_way="Nothing is being painted for you yet: /start begins.",
    button_style="🎨 {title}",
    button_go_on="▶️ Go on",
    button_anew="🌱 Start anew",
    button_next="➡️ Next generation",
    button_best="⭐ Best so far",
    button_stop="⏹ Stop",
    button_cancel="✖️ Cancel",
    button_try_again="🔁 Try again",
    button_show_again="🖼 Show again",
    button_like="{number} 👍",
    button_like_chosen="{number} 👍 ✓",
    button_dislike="{number} 👎",
    button_dislike_chosen="{number} 👎 ✓",
    card_starting="Generation {number}: mixing the colours…",
    card_queued="Generation {number}: waiting in line, {ahead} ahead of you.",
    card_next_in_line="Generation {number}: you are next in line.",
    card_painting="Painting generation {number}\n{bar} {percent} %",
    cancelled_to_voting="Cancelled. Generation {number} is open again: vote on, or press “Next generation” at will.",
    cancelled_to_styles="Cancelled. Choose a style whenever you like:",
    painter_busy="Many people are painting right now and the line is full. Your votes are kept: try again in a minute.",
    painter_stopped="The painter had to put down its brush. Your votes are kept: please try again in a moment.",
    painting_failed="This generation could not be painted. Your votes are kept: please try again.",
    style_gone="The style “{title}” is not on the shelf right now. Your votes are kept: try later, or /start anew.",
    companion_title="Generation {number}",
    companion_how="Tap what you like and what you don't; tap again to take it back.",
    companion_votes="Votes so far: {likes} 👍, {dislikes} 👎",
    companion_voters="Voters so far: {voters}",
    companion_closed="Generation {number} (closed)",
    companion_uncertain="If the pictures did not reach you, press “Show again”.",
    toast_liked="You like {number}",
    toast_disliked="You dislike {number}",
    toast_taken_back="Taken back: {number}",
    toast_generation_closed="That generation is closed. Please vote on the newest one.",
    toast_painting_next="That generation is closed: the next one is being painted.",
    toast_next="Thank you! Painting the next generation.",
    toast_next_without_votes="No votes this time, so I look around a little more.",
    toast_style_chosen="{title}: painting your first generation.",
    toast_style_gone="That style is not here any more. /start shows those that are.",
    toast_going_on="Here you are.",
    toast_anew="A new beginning: choose a style.",
    toast_cancelled="Cancelled.",
    toast_nothing_to_cancel="There is nothing left to cancel.",
    toast_stopped="Stopped.",
    toast_nothing_to_stop="This evolution has already ended. /start begins a new one.",
    toast_trying_again="Trying again.",
    toast_nothing_to_try="That is already settled.",
    toast_showing_again="Sending the pictures again.",
    toast_best_coming="Hanging up the best so far…",
    toast_no_best="Nothing liked yet: tap a 👍 first.",
    toast_unknown_button="That button does nothing any more. /start shows what does.",
    toast_session_over="That evolution has ended. /start begins a new one.",
    toast_under_way="There is an evolution under way already.",
    toast_not_allowed="This bot is reserved for other chats, sorry.",
    no_best="Nothing liked yet: tap a 👍 on a picture, and it will hang here.",
    best_caption="Your best so far (/original 2.3 sends picture 3 of generation 2 as a file)",
    best_line="generation {generation}: {numbers}",
    stopped=(
        "Stopped after generation {number}. Thank you for looking! "
        "/best still shows your favourites, /start begins anew."
    ),
    stopped_early="Stopped. /start begins anew.",
    stop_nothing="There is nothing to stop. /start begins.",
    button_original="🖼 {number}",
    original_which="Which picture of generation {generation} would you like as a file?",
    original_how="Say /original 3 for picture 3 of the newest album, or /original 2.3 for picture 3 of generation 2.",
    original_no_generation="There is no such generation in this evolution. /best tells the numbers of those you like.",
    original_no_picture="Generation {generation} has the pictures 1 to {last}: say one of these numbers.",
    original_gone="That picture is not on my disk any more. Its seed was {seed}.",
    original_caption=(
        "Generation {generation}, picture {number}: the file holds its whole recipe.\n\n"
        "{prompt}\n"
        "seed {seed} · steps {steps} · guidance {guidance}\n"
        "model {model} · adapters {adapters}"
    ),
    toast_original_coming="Bringing the original…",
    taste_nothing="I know nothing of your taste yet: tap 👍 and 👎 under an album, then ask again.",
    taste_title="What I have learned. Generations: {generations}, votes: {likes} 👍, {dislikes} 👎.",
    taste_likes="💚 Liked, I am sure: {what}.",
    taste_dislikes="💔 Not liked, I am sure: {what}.",
    taste_perhaps="🤔 Perhaps liked: {what}.",
    taste_open="Nothing stands out so far.",
    taste_slider_high="much {name}",
    taste_slider_middle="medium {name}",
    taste_slider_low="little {name}",
    taste_certainty="I know about {percent} % of this taste.",
    taste_until="Votes it may still take until I am sure: {votes}.",
    taste_until_unknown="It is too early to say how many more votes I need.",
    taste_sure="That is enough to be sure of the main things.",
    taste_contradictory=(
        "The votes contradict one another: chance explains them as well as any taste. "
        "Like fewer pictures, those that you would hang up."
    ),
    taste_drifting="The taste changes as we go: newer votes count for more. /start begins anew if you like.",
    taste_uniform="The last pictures are nearly alike: dislike a few to see others.",
    taste_camps="There are two tastes among you, of {first} and {second} voters: both get their place.",
    taste_legend="In the picture: a dot is what I believe, its bar how far I may be wrong; pale is not sure yet.",
    lineage_nothing="There is no album yet: /start begins, and the family grows with your likes.",
    lineage_caption=(
        "The family tree, generations {first} to {last}. A frame means liked, a red cross disliked. "
        "Lines lead from liked pictures to those of the next album that share most with them: I keep no parents, "
        "since each new picture draws on all that I have learned."
    ),
    export_caption=(
        "Your prompting model: {title}, generations: {generations}. It names nobody. "
        "Send it to me in any chat, or to a friend who does: it goes on from here."
    ),
    export_too_large="This prompting model has grown beyond what a file may hold here. /start a new one to export it.",
    import_how=(
        "Send me the file of a prompting model (/export makes one): in our private chat just so, "
        "in a group with /import as its caption, or say /import in reply to it."
    ),
    import_under_way="An evolution is under way here. End it with /stop, then send the file again.",
    import_too_large="That file is larger than {limit} MB, so none of mine. Please send one that /export made.",
    import_foreign="I cannot read that file as a prompting model. Send one that /export made, unchanged.",
    import_newer="A newer version of me made that file. Ask whoever runs me to update, then send it again.",
    import_damaged="That prompting model is damaged, or was changed by hand. Please export it once more.",
    import_no_style="That prompting model was learned in the style “{title}”, which is not here. Here are: {styles}.",
    import_other_space=(
        "The style “{title}” has other attributes than those that prompting model was learned with: it does not fit. "
        "Import it where it was made, or /start anew here."
    ),
    imported="Welcome back: {title}, learned from {generations} generations and {votes} votes. Going on from there…",
    imported_other_version="The style has been trained anew since: pictures may look a little different.",
    button_keep="Keep it all",
    button_forget="🗑 Erase it all",
    forget_sure=(
        "Shall I erase everything that I keep of you? There is no way back; /export first keeps your prompting model."
        "\n\n"
        "What goes: your name and language; this chat's evolutions with all that they have learned, and their pictures "
        "on my disk; your votes in every group, also from what the groups have learned.\n\n"
        "What stays: the groups' pictures and the others' votes; all messages in Telegram, which you can delete there; "
        "backups and logs that whoever runs me may have made."
    ),
    forget_in_private="That is between you and me: say /forget in our private chat. It erases your votes here too.",
    forget_kept="Nothing was erased.",
    forgotten="Everything that I kept of you is erased. Farewell, and /start whenever you like.",
    toast_kept="Nothing was erased.",
    toast_forgetting="Erasing…",
    button_sure="Yes, next generation",
    close_sure="Voted so far: {voted} of {awaited}. Close this generation all the same?",
    companion_voters_of="Voted: {voters} of {awaited}",
    companion_left="Time left: {left}",
    companion_time_over="Time is up: the first vote brings the next generation.",
    companion_closers_starter="Whoever began, or an administrator, may press “Next generation”.",
    companion_closers_administrators="Administrators may press “Next generation”.",
    companion_closers_everyone="Anybody may press “Next generation”.",
    reminder="⏳ {left} left to vote. Voted so far: {voted}.",
    reminder_of="⏳ {left} left to vote. Voted so far: {voted} of {awaited}.",
    span_minutes="{count} min",
    span_hours="{count} h",
    span_days="{count} d",
    toast_few_voted="Few have voted yet: I ask below whether you are sure.",
    toast_not_yours_to_close="Whoever began this evolution, or an administrator, may do that. /settings says who.",
    paint_caption="In your taste: {title}",
    paint_how="Say /paint, or /paint and a number from 1 to {most}.",
    settings_title="⚙️ Settings of this chat. Press what you want to change:",
    settings_administrators="In a group, administrators choose the settings.",
    toast_administrators_only="Only administrators can change this.",
    toast_setting="{title}: {value}",
    button_back="◀️ Back",
    setting_none="none",
    setting_size="Pictures an album",
    setting_size_about="How many pictures shall an album have? It holds from the next generation on.",
    setting_limit="Time limit",
    setting_limit_about="After how long shall a generation close by itself, if anybody has voted?",
    setting_quorum="Enough voters",
    setting_quorum_about=(
        "A generation closes soon after so many have voted; with none, once all who took part before have."
    ),
    setting_closers="Who may close",
    setting_closers_about="Who may press “Next generation” and “Stop”?",
    setting_closers_starter="Starter, admins",
    setting_closers_administrators="Admins",
    setting_closers_everyone="Everyone",
    setting_counts="Counts until the close",
    setting_counts_about="While counts are hidden, nobody sees what the others like until the generation closes.",
    setting_hidden="hidden",
    setting_shown="shown",
    setting_style="Style",
    setting_style_about="In which style shall /new begin?",
    setting_style_ask="ask",
    setting_language="Language",
    setting_language_about="Which language shall I speak here?",
    setting_language_own="each person's own",
    setting_daily="Daily vernissage",
    setting_daily_about="At which hour shall the next generation hang here every day? Set the clock as well.",
    setting_quiet="Quiet hours",
    setting_quiet_about="When shall I send nothing unasked? Set the clock as well.",
    setting_clock="Clock",
    setting_clock_about="How far is your clock ahead of UTC?",
    poll_question="Generation {number}: which do you like?",
    companion_how_poll="Choose what you like in the poll, as many as you want; you can change your answer.",
    setting_mode="Voting",
    setting_mode_about="By a 👍 and a 👎 for each picture, or by a poll with pictures?",
    setting_mode_keyboard="👍 👎",
    setting_mode_poll="poll",
    group_greeting=(
        "Hello! I paint for this group, and you vote together. Say /start to begin.\n"
        "I need no rights; as an administrator I also see reactions to the albums. /settings is for administrators."
    ),
    setting_share="Help beginners",
    setting_share_about=(
        "May what is learned here help others? Their first albums start from it, pooled with many others' votes; "
        "pictures that you like may teach a style. It names nobody."
    ),
    setting_yes="yes",
    setting_no="no",
    help_operators=(
        "For operators. A style: /newstyle NAME, send pictures, /done, /train NAME, then the card's buttons."
    ),
    something_failed=(
        "Something went wrong on my side, but nothing of yours is lost. "
        "Please try that again; /start always finds the way back."
    ),
    command_newstyle="Teach me a new style: /newstyle name",
    command_done="The pictures, or the attributes, are complete",
    command_train="Train a style: /train name",
    command_try="Four pictures of a style: /try name",
    command_publish="Offer the newest version: /publish name",
    command_rollback="Offer the version before: /rollback name",
    command_styles="All styles, their versions and use",
    name_needed="Say /{command} with a name: a to z, digits, _ and -, such as /{command} blue-rider",
    lesson_title="A new style: {name}. What shall people read as its title? Write it, or send pictures right away.",
    lesson_pictures=(
        "“{title}” it is. Now send me its pictures, 20 to 100 are best: as files (photos are softened by "
        "Telegram), albums, or one zip of at most 20 MB. A caption gives tags, separated by commas; in a zip, a "
        ".txt beside a picture or a metadata.jsonl does. /done when all are here."
    ),
    lesson_again="“{title}” has {kept} pictures. Send more, then /done; the next training is a new version.",
    lesson_hint="Send pictures, or /done when all are here.",
    lesson_other_open="The lesson of {name} is still open: /done takes it on, its Discard button gives it up.",
    lesson_taken="The name {name} is taken. Choose another.",
    lesson_none="No lesson is open: /newstyle name begins one.",
    lesson_unknown="I know no lesson of that name: {name}. /newstyle begins one, /styles lists what is offered.",
    lesson_unready="The lesson of {name} is not complete yet: /done takes it on.",
    lesson_waiting="I am still looking at what you sent, files left: {waiting}. Try /done again in a moment.",
    lesson_too_few="Pictures so far: {kept}. At least {least} are needed, 20 to 100 are better.",
    lesson_ready="All set. /train {name} begins.",
    lesson_in_use="That stays: {name} is being trained, or people paint with it.",
    lesson_discarded="The lesson of {name} and its pictures are deleted.",
    tally="{title}: {kept} pictures taken in",
    tally_waiting="Still to be looked at: {waiting}",
    tally_refused="Not taken: {refused}",
    tally_next="Send more, or press Done.",
    attributes=(
        "What people can vary in “{title}”, read off its tags and "
        "pixels:\n\n{attributes}\n\nA button leaves one out. To change or add one, "
        "write it like a line above: 3 hue: red, blue, white, black (three at once), or line: curve line, "
        "straight line (one of them)."
    ),
    attributes_unread=(
        "I cannot read that. Write a name, a colon and at least two values: line: curve line, straight line"
    ),
    attributes_last="One attribute must stay: write another first.",
    button_lesson_done="Done",
    button_discard="🗑 Discard",
    button_drop="✖ {name}",
    button_attributes_done="Take them so",
    button_training_go_on="Go on",
    button_publish="Publish",
    button_try="Try",
    button_longer="Train longer",
    toast_pictures_kept="The pictures are complete.",
    toast_attributes_kept="The attributes are kept.",
    toast_dropped="Left out.",
    toast_discarded="Discarded.",
    toast_publishing="Publishing…",
    toast_trying="Painting four pictures…",
    toast_training_queued="Queued. Trainings ahead: {ahead}",
    toast_training_cancelled="Stopping at a checkpoint…",
    toast_training_goes_on="Going on from the last checkpoint…",
    steps_bad="The number of steps must be {least} to {most}.",
    training_title="“{title}”, version {version}",
    training_queued="Waits for the training before it.",
    training_bar="{bar} {percent} %, step {step} of {steps}",
    training_left="Minutes left: about {minutes}",
    training_finishing="It has learned. Painting and measuring what came of it…",
    training_done="Done: step {step} of {steps} was the best and is taken.",
    training_cancelled="Stopped at step {step}.",
    training_failed="It failed: {error}",
    training_discarded="Discarded.",
    training_losses="Loss on held-out pictures: {first} untaught, {best} at best",
    training_distance=(
        "Distance to the style (1: as near as its pictures are to each other): {before} untaught, {after} taught"
    ),
    training_memory="Memory: {gigabytes} GB",
    training_warning="⚠ {text}",
    verdict_nearer="It has come clearly nearer to the style: publish it, or try it first.",
    verdict_unsure="It has come nearer, but not beyond doubt: try it, or train longer.",
    verdict_farther="It has not come nearer to the style: more pictures help most.",
    verdict_learned="It has learned from the pictures; they were too few to measure the distance.",
    verdict_nothing="It has learned nothing that held-out pictures confirm: more pictures help most.",
    nothing_trained="No training of {name} is done yet: /train {name} begins one.",
    publish_failed="That did not work: {error}",
    published="“{title}”, version {version}, is offered now. Evolutions under way keep the version they began with.",
    tried="“{title}”, drawn by chance",
    rollback_nothing="No earlier version of {name} was ever published.",
    styles_title="The styles that are offered:",
    styles_line="· {name}: {version}, {megabytes} MB, evolutions: {sessions}",
    styles_version="version {version}",
    styles_shipped="as it came",
    refused_not_a_picture="is no JPEG, PNG or WebP picture; save it as one of them",
    refused_broken="is damaged; save it anew as PNG or JPEG",
    refused_too_large="has more than 40 megapixels; reduce it",
    refused_too_small="is smaller than 96 px; find a larger copy",
    refused_too_heavy="is larger than 20 MB; reduce it, or send several zips",
    refused_moves="moves; send a still picture",
    refused_two_in_one="is a picture and an archive in one; save it anew as PNG",
    refused_known="is here already, as {other}",
    refused_alike="looks like {other}; one of the two is enough",
    refused_bad_name="has a name that leads out of its zip; zip the pictures anew",
    refused_a_link="is a link and no file; zip the picture itself",
    refused_encrypted="is locked by a password; zip it without",
    refused_too_many="holds more than 200 files; send several zips",
    refused_too_heavy_together="unpacks to too much; send several zips",
    refused_bomb="unpacks to more than a hundred times its size, as no picture does; save it anew as PNG",
    refused_broken_zip="is a damaged zip; zip the pictures anew",
    refused_nothing_in_it="holds no picture; put JPEG, PNG or WebP files in it",
    refused_too_costly="takes too much memory or time to read; reduce it",
    refused_not_fetched="could not be fetched from Telegram; send it again",
    command_slider="Teach a style's slider: /slider name word",
    slider_how="Say /slider with the style's name and one for the slider: /slider blue-rider brightness",
    slider_low=(
        "Two groups of pictures make the slider {slider}: the same things with little of it, then with much. "
        "First send those with little: one is enough, several are better. /done when all are here."
    ),
    slider_high="Now the same pictures with much {slider}, in the same order, as many: {count}. Then /done.",
    slider_none="Send at least one picture first.",
    slider_uneven=(
        "The groups must pair up: {low} with little, {high} with much. Send what is missing, or Discard and "
        "begin again."
    ),
    training_slider="Slider: {slider}",
    command_retrain="Learn again, with liked pictures: /retrain name [weekly|off]",
    retrain_unpublished=(
        "Publish {name} first: then it can learn again, from new pictures and from those that people like."
    ),
    retrain_how="Say /retrain {name} to learn again now, with weekly behind it each week, with off no longer.",
    retrain_weekly=(
        "{name} learns again every week, from new pictures and from liked ones of chats that share what is "
        "learned. Each version is only proposed: you publish it or not."
    ),
    retrain_off="{name} learns again only when you say so.",
    training_compared="Above: what is offered now. Below: this version, from the same seeds.",
    slider_side_low="little",
    slider_side_high="much",
    no_room=(
        "My disk is full, so painting has to rest. Your votes are kept, and open albums still take votes. "
        "I go on by myself as soon as there is room."
    ),
    no_room_operators=(
        "My disk is full and painting rests; votes are still taken. Free: {free} GB; budget for pictures: {budget} GB. "
        "Make room, or raise VERNISSAGE_DISK_BUDGET. I go on by myself; vernissage doctor tells more."
    ),
    command_share="A link that hands on this taste",
    command_blend="A link that crosses a friend's taste with this one",
    button_unshare="🚫 Stop sharing",
    share_link=(
        "Whoever opens this link begins with a copy of this prompting model ({title}). It names "
        "nobody, and what they like changes nothing here.\n\n"
        "{link}"
    ),
    blend_link=(
        "Whoever opens this link crosses their own taste in {title} with this one, and begins "
        "anew with both. It names nobody.\n\n"
        "{link}"
    ),
    share_nothing="There is nothing to share yet: vote on an album first.",
    share_stopped="This link leads nowhere any more. What friends have begun with it stays theirs.",
    share_gone="That link leads nowhere any more. /start begins an evolution of your own.",
    share_opened=(
        "A friend has shared a taste with you: {title}, learned from {generations} generations "
        "and {votes} votes.\n"
        "Here comes its next album. From now on your taps lead: 👍 and 👎 make it yours."
    ),
    share_under_way="An evolution is under way here. End it with /stop, then open the link again.",
    blended=(
        "Two tastes in one: {title}, yours and your friend's, learned from {generations} "
        "generations and {votes} votes.\n"
        "Here comes the first album of both. Your taps lead from now on."
    ),
    blend_none=(
        "You have no taste of your own in {title} yet. Say /start, choose {title}, vote a "
        "little, then /stop and open the link again."
    ),
    blend_other_style=(
        "That taste is of the style {title}, yours is of {own}: only two of one style can be "
        "crossed. Say /start, choose {title}, vote a little, then /stop and open the link again."
    ),
    toast_unshared="That link is stopped.",
    toast_not_your_link="Only the person who made this link can stop it.",
    command_audit="Last actions of operators",
    audit_title="The last actions ({count}), newest first, in UTC:",
    toast_operators_only="That is for the operators of this bot alone.",
    toast_operators_in_private="Operators' commands and buttons work in our private chat alone.",
    toast_operators_by_hand="A forwarded command is not obeyed: please write it yourself.",
    command_queue="What paints and waits",
    command_stats="Use and times",
    command_ban="Ban a person or a chat",
    command_unban="Lift a ban",
    command_quota="Pictures a day",
    command_drain="Finish, and take no new work",
    command_resume="Take work again",
    command_broadcast="A message to all chats",
    toast_banned="The operators of this bot have closed it to you.",
    toast_drained=(
        "I am about to be looked after and paint nothing new for now. Your votes are kept: try again later."
    ),
    toast_quota="There are {quota} pictures a day, and {used} are painted. Your votes are kept; more in {left}.",
    ban_how="/ban ID reason bans a person or a chat; groups have ids below zero. Banned now: {count}",
    ban_operator="An operator cannot be banned: take the id out of VERNISSAGE_OPERATORS first.",
    ban_done="{who} is banned: told once, votes not counted. /unban {who} lifts it.",
    unban_how="/unban ID lifts a ban; /ban shows them.",
    unban_nothing="{who} is not banned.",
    unban_done="{who} is welcome again.",
    quota_how=(
        "/quota 60 for each chat and person, /quota ID 60 for one, “none” in place of a number takes it "
        "away. A day is one of UTC. Now:"
    ),
    quota_everybody="everybody: {pictures} pictures a day",
    quota_of="{who}: {pictures} pictures a day",
    quota_nobody="no quota",
    drain_begun=(
        "Draining: what runs is finished, nothing new is begun. I tell you when it is safe to stop; /resume ends it."
    ),
    drain_safe="Nothing is painted any more: safe to stop. I take no new work until /resume.",
    resume_done="I take work again.",
    resume_nothing="I was not draining.",
    broadcast_how=(
        "/broadcast TEXT sends a text to all chats, after you have confirmed it; at most {most} characters."
    ),
    broadcast_sure="That is how it will look. Chats it goes to: {count}. Send it?",
    button_broadcast_send="📣 Send ({count})",
    broadcast_begun="It is on its way.",
    broadcast_discarded="Discarded: nothing was sent.",
    broadcast_stopping="Stopping.",
    broadcast_progress="Sent: {sent} of {total}",
    broadcast_done=(
        "The broadcast has ended. Sent: {sent}, not reachable: {failed}, unknown (never sent again): "
        "{unknown}, not tried: {left}."
    ),
    queue_title="In work: {count}",
    queue_empty="Nothing paints, waits or trains.",
    queue_line="• {title} ({chat}): {style}, generation {number}, {state}, for {time}",
    queue_painting="painting {percent} %",
    queue_waiting="waiting",
    queue_sending="being sent",
    cancelled_by_operator="An operator has cancelled this painting. /start begins anew.",
    cancelled_by_operator_to_voting=(
        "An operator has cancelled the painting. Generation {number} is open again, your votes are kept."
    ),
    stats=(
        "Chats: {chats} ({reachable} reachable)\n"
        "Voters: {voters}, votes: {votes}\n"
        "Generations: {generations}, pictures: {pictures}\n"
        "Tap to answer (median, since the start): {tap}\n"
        "Close to album (median, 7 days): {album}\n"
        "The chart: generations (green) and voters (black) a day, last {days} days, UTC"
    ),
)
