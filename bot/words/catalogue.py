"""The form of a catalogue: every sentence and button that the bot can say, as templates for `str.format`.

Sentences are phrased so that no number needs a plural, which differs from language to language.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's catalogue; the names in braces are filled in by whoever speaks."""

    language_name: str  # in this language itself

    # Commands, as the menu of the chat shows them.
    command_start: str
    command_new: str
    command_style: str
    command_best: str
    command_paint: str
    command_taste: str
    command_lineage: str
    command_original: str
    command_export: str
    command_import: str
    command_settings: str
    command_stop: str
    command_forget: str
    command_help: str

    # The way in.
    welcome: str
    choose_style: str
    style_caption: str  # {title}
    no_styles: str
    under_way: str  # {title} {number}
    help: str  # {person}
    unknown_command: str
    plain_text: str
    not_allowed: str  # {chat}
    nothing_under_way: str

    # Buttons.
    button_style: str  # {title}
    button_go_on: str
    button_anew: str
    button_next: str
    button_best: str
    button_stop: str
    button_cancel: str
    button_try_again: str
    button_show_again: str
    button_like: str  # {number}; begins with the number
    button_like_chosen: str  # {number}
    button_dislike: str  # {number}
    button_dislike_chosen: str  # {number}

    # Painting.
    card_starting: str  # {number}
    card_queued: str  # {number} {ahead}
    card_next_in_line: str  # {number}
    card_painting: str  # {number} {bar} {percent}
    cancelled_to_voting: str  # {number}
    cancelled_to_styles: str
    painter_busy: str
    painter_stopped: str
    painting_failed: str
    style_gone: str  # {title}

    # The album and its companion.
    companion_title: str  # {number}
    companion_how: str
    companion_votes: str  # {likes} {dislikes}
    companion_voters: str  # {voters}
    companion_closed: str  # {number}
    companion_uncertain: str

    # Toasts: at most 200 characters.
    toast_liked: str  # {number}
    toast_disliked: str  # {number}
    toast_taken_back: str  # {number}
    toast_generation_closed: str
    toast_painting_next: str
    toast_next: str
    toast_next_without_votes: str
    toast_style_chosen: str  # {title}
    toast_style_gone: str
    toast_going_on: str
    toast_anew: str
    toast_cancelled: str
    toast_nothing_to_cancel: str
    toast_stopped: str
    toast_nothing_to_stop: str
    toast_trying_again: str
    toast_nothing_to_try: str
    toast_showing_again: str
    toast_best_coming: str
    toast_no_best: str
    toast_unknown_button: str
    toast_session_over: str
    toast_under_way: str
    toast_not_allowed: str

    # Best so far, and the end.
    no_best: str
    best_caption: str
    best_line: str  # {generation} {numbers}
    stopped: str  # {number}
    stopped_early: str
    stop_nothing: str

    # Originals.
    button_original: str  # {number}
    original_which: str  # {generation}
    original_how: str
    original_no_generation: str
    original_no_picture: str  # {generation} {last}
    original_gone: str  # {seed}
    original_caption: str  # {generation} {number} {prompt} {seed} {steps} {guidance} {model} {adapters}
    toast_original_coming: str

    # The learned taste.
    taste_nothing: str
    taste_title: str  # {generations} {likes} {dislikes}
    taste_likes: str  # {what}
    taste_dislikes: str  # {what}
    taste_perhaps: str  # {what}
    taste_open: str
    taste_slider_high: str  # {name}
    taste_slider_middle: str  # {name}
    taste_slider_low: str  # {name}
    taste_certainty: str  # {percent}
    taste_until: str  # {votes}
    taste_until_unknown: str
    taste_sure: str
    taste_contradictory: str
    taste_drifting: str
    taste_uniform: str
    taste_camps: str  # {first} {second}
    taste_legend: str

    # The family tree.
    lineage_nothing: str
    lineage_caption: str  # {first} {last}

    # The prompting model as a file.
    export_caption: str  # {title} {generations}
    export_too_large: str
    import_how: str
    import_under_way: str
    import_too_large: str  # {limit}
    import_foreign: str
    import_newer: str
    import_damaged: str
    import_no_style: str  # {title} {styles}
    import_other_space: str  # {title}
    imported: str  # {title} {generations} {votes}
    imported_other_version: str

    # Forgetting.
    button_keep: str
    button_forget: str
    forget_sure: str
    forget_in_private: str
    forget_kept: str
    forgotten: str
    toast_kept: str
    toast_forgetting: str

    # Voting together: who closes a generation, and when.
    button_sure: str  # holds "Yes" in its language
    close_sure: str  # {voted} {awaited}
    companion_voters_of: str  # {voters} {awaited}
    companion_left: str  # {left}
    companion_time_over: str
    companion_closers_starter: str
    companion_closers_administrators: str
    companion_closers_everyone: str
    reminder: str  # {voted} {left}
    reminder_of: str  # {voted} {awaited} {left}
    span_minutes: str  # {count}
    span_hours: str  # {count}
    span_days: str  # {count}
    toast_few_voted: str
    toast_not_yours_to_close: str

    # Painting with no vote.
    paint_caption: str  # {title}
    paint_how: str  # {most}

    # The settings: titles and choices stand on buttons, so they are short.
    settings_title: str
    settings_administrators: str
    toast_administrators_only: str
    toast_setting: str  # {title} {value}
    button_back: str
    setting_none: str
    setting_size: str
    setting_size_about: str
    setting_limit: str
    setting_limit_about: str
    setting_quorum: str
    setting_quorum_about: str
    setting_closers: str
    setting_closers_about: str
    setting_closers_starter: str
    setting_closers_administrators: str
    setting_closers_everyone: str
    setting_counts: str
    setting_counts_about: str
    setting_hidden: str
    setting_shown: str
    setting_style: str
    setting_style_about: str
    setting_style_ask: str
    setting_language: str
    setting_language_about: str
    setting_language_own: str
    setting_daily: str
    setting_daily_about: str
    setting_quiet: str
    setting_quiet_about: str
    setting_clock: str
    setting_clock_about: str

    # Voting by a native poll, and the first words in a group.
    poll_question: str  # {number}
    companion_how_poll: str
    setting_mode: str
    setting_mode_about: str
    setting_mode_keyboard: str
    setting_mode_poll: str
    group_greeting: str

    setting_share: str
    setting_share_about: str
    setting_yes: str
    setting_no: str

    help_operators: str

    # Mishaps.
    something_failed: str

    # Teaching, for operators alone.
    command_newstyle: str
    command_done: str
    command_train: str
    command_try: str
    command_publish: str
    command_rollback: str
    command_styles: str
    name_needed: str  # {command}
    lesson_title: str  # {name}
    lesson_pictures: str  # {title}
    lesson_again: str  # {title} {kept}
    lesson_hint: str
    lesson_other_open: str  # {name}
    lesson_taken: str  # {name}
    lesson_none: str
    lesson_unknown: str  # {name}
    lesson_unready: str  # {name}
    lesson_waiting: str  # {waiting}
    lesson_too_few: str  # {kept} {least}
    lesson_ready: str  # {name}
    lesson_in_use: str  # {name}
    lesson_discarded: str  # {name}
    tally: str  # {title} {kept}
    tally_waiting: str  # {waiting}
    tally_refused: str  # {refused}
    tally_next: str
    attributes: str  # {title} {attributes}
    attributes_unread: str
    attributes_last: str
    button_lesson_done: str
    button_discard: str
    button_drop: str  # {name}
    button_attributes_done: str
    button_training_go_on: str
    button_publish: str
    button_try: str
    button_longer: str
    toast_pictures_kept: str
    toast_attributes_kept: str
    toast_dropped: str
    toast_discarded: str
    toast_publishing: str
    toast_trying: str
    toast_training_queued: str  # {ahead}
    toast_training_cancelled: str
    toast_training_goes_on: str
    steps_bad: str  # {least} {most}
    training_title: str  # {title} {version}
    training_queued: str
    training_bar: str  # {bar} {percent} {step} {steps}
    training_left: str  # {minutes}
    training_finishing: str
    training_done: str  # {step} {steps}
    training_cancelled: str  # {step}
    training_failed: str  # {error}
    training_discarded: str
    training_losses: str  # {first} {best}
    training_distance: str  # {before} {after}
    training_memory: str  # {gigabytes}
    training_warning: str  # {text}
    verdict_nearer: str
    verdict_unsure: str
    verdict_farther: str
    verdict_learned: str
    verdict_nothing: str
    nothing_trained: str  # {name}
    publish_failed: str  # {error}
    published: str  # {title} {version}
    tried: str  # {title}
    rollback_nothing: str  # {name}
    styles_title: str
    styles_line: str  # {name} {version} {megabytes} {sessions}
    styles_version: str  # {version}
    styles_shipped: str
    refused_not_a_picture: str
    refused_broken: str
    refused_too_large: str
    refused_too_small: str
    refused_too_heavy: str
    refused_moves: str
    refused_two_in_one: str
    refused_known: str  # {other}
    refused_alike: str  # {other}
    refused_bad_name: str
    refused_a_link: str
    refused_encrypted: str
    refused_too_many: str
    refused_too_heavy_together: str
    refused_bomb: str
    refused_broken_zip: str
    refused_nothing_in_it: str
    refused_too_costly: str
    refused_not_fetched: str
    command_slider: str
    slider_how: str
    slider_low: str  # {slider}
    slider_high: str  # {slider} {count}
    slider_none: str
    slider_uneven: str  # {low} {high}
    training_slider: str  # {slider}
    command_retrain: str
    retrain_unpublished: str  # {name}
    retrain_how: str  # {name}
    retrain_weekly: str  # {name}
    retrain_off: str  # {name}
    training_compared: str
    slider_side_low: str
    slider_side_high: str
    # The disk.
    no_room: str
    no_room_operators: str  # {free} {budget}, in GB

    # Sharing.
    command_share: str
    command_blend: str
    button_unshare: str
    share_link: str  # {title} {link}
    blend_link: str  # {title} {link}
    share_nothing: str
    share_stopped: str
    share_gone: str
    share_opened: str  # {title} {generations} {votes}
    share_under_way: str
    blended: str  # {title} {generations} {votes}
    blend_none: str  # {title}
    blend_other_style: str  # {title} {own}
    toast_unshared: str
    toast_not_your_link: str
    # Running the bot: what operators read, and whoever meets what they have ordered.
    command_audit: str
    audit_title: str  # {count}
    toast_operators_only: str
    toast_operators_in_private: str
    toast_operators_by_hand: str
    command_queue: str
    command_stats: str
    command_ban: str
    command_unban: str
    command_quota: str
    command_drain: str
    command_resume: str
    command_broadcast: str
    toast_banned: str
    toast_drained: str
    toast_quota: str  # {quota} {used} {left}
    ban_how: str  # {count}
    ban_operator: str
    ban_done: str  # {who}
    unban_how: str
    unban_nothing: str  # {who}
    unban_done: str  # {who}
    quota_how: str
    quota_everybody: str  # {pictures}
    quota_of: str  # {who} {pictures}
    quota_nobody: str
    drain_begun: str
    drain_safe: str
    resume_done: str
    resume_nothing: str
    broadcast_how: str  # {most}
    broadcast_sure: str  # {count}
    button_broadcast_send: str  # {count}
    broadcast_begun: str
    broadcast_discarded: str
    broadcast_stopping: str
    broadcast_progress: str  # {sent} {total}
    broadcast_done: str  # {sent} {failed} {unknown} {left}
    queue_title: str  # {count}
    queue_empty: str
    queue_line: str  # {title} {chat} {style} {number} {state} {time}
    queue_painting: str  # {percent}
    queue_waiting: str
    queue_sending: str
    cancelled_by_operator: str
    cancelled_by_operator_to_voting: str  # {number}
    stats: str  # {chats} {reachable} {voters} {votes} {generations} {pictures} {tap} {album} {days}
