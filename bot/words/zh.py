"""Chinese, simplified."""

from bot.words.catalogue import Words

CHINESE = Words(
    language_name="中文",
    command_start="开始，或重新开始",
    command_new="新的进化",
    command_style="选择风格",
    command_paint="按你的口味多画几张",
    command_best="目前最好的画",
    command_taste="我对你口味的了解",
    command_lineage="画的家谱",
    command_original="以文件发送一张画及其配方",
    command_export="把你的提示模型存成文件",
    command_import="用文件里的提示模型开始",
    command_settings="画数、时间、语言等",
    command_stop="结束这次进化",
    command_forget="清除我保存的你的一切",
    command_help="使用说明",
    welcome="Vernissage 为你作画，你无需写任何提示词。\n点画下的 👍 和 👎：每一代都更贴近你的口味。",
    choose_style="选一种风格开始：",
    style_caption="{title}：它这样作画。",
    no_styles="这里还没有已加载模型能画的风格。原因在机器人运营者的日志里。",
    under_way="你正在一次进化当中：{title}，第 {number} 代。继续，还是重新开始？",
    help=(
        "我画一册带编号的画。下面每个编号都有 👍 和 👎：点你喜欢的和不喜欢的，再点一次取消。"
        "然后按“下一代”：它更贴近你的口味。\n\n"
        "/start 开始，/new 重新开始，/style 显示风格\n"
        "/best 显示目前最好的画\n"
        "/paint 4 按你的口味再画四张，不投票\n"
        "/taste 显示我对你口味的了解\n"
        "/lineage 显示画的家谱\n"
        "/original 3 以文件发送第 3 张及其配方，/original 2.3 发送第 2 代的第 3 张\n"
        "/export 把你的提示模型存成文件，/import 用它开始\n"
        "/share 生成分享你品味的链接，/blend 生成与朋友的品味杂交的链接\n"
        "/settings：每册画数、时限、语言等\n"
        "/stop 结束进化\n"
        "/forget 清除我保存的你的一切\n"
        "/help 显示本说明\n\n"
        "你的 Telegram 编号是 {person}。"
    ),
    unknown_command="我不认识这个命令。/start 开始，/best 看最好的，/stop 结束，/help 帮助。",
    plain_text="这里不需要文字：你的点击告诉我你喜欢什么。/start 开始或继续，/help 说明。",
    not_allowed="抱歉，这个机器人只供其他聊天使用。运营者可以添加此聊天：{chat}",
    nothing_under_way="还没有为你作画：/start 开始。",
    button_style="🎨 {title}",
    button_go_on="▶️ 继续",
    button_anew="🌱 重新开始",
    button_next="➡️ 下一代",
    button_best="⭐ 目前最好的",
    button_stop="⏹ 结束",
    button_cancel="✖️ 取消",
    button_try_again="🔁 再试一次",
    button_show_again="🖼 再发一次",
    button_like="{number} 👍",
    button_like_chosen="{number} 👍 ✓",
    button_dislike="{number} 👎",
    button_dislike_chosen="{number} 👎 ✓",
    card_starting="第 {number} 代：正在调色……",
    card_queued="第 {number} 代：排队中，前面还有 {ahead} 个。",
    card_next_in_line="第 {number} 代：下一个就是你。",
    card_painting="正在画第 {number} 代\n{bar} {percent} %",
    cancelled_to_voting="已取消。第 {number} 代重新开放：继续投票，或再按“下一代”。",
    cancelled_to_styles="已取消。随时可以选择风格：",
    painter_busy="现在作画的人很多，队伍满了。你的投票已保存：请一分钟后再试。",
    painter_stopped="画师不得不放下画笔。你的投票已保存：请稍后再试。",
    painting_failed="这一代没能画成。你的投票已保存：请再试一次。",
    style_gone="风格“{title}”现在不在架上。你的投票已保存：稍后再试，或 /start 重新开始。",
    companion_title="第 {number} 代",
    companion_how="点你喜欢的和不喜欢的；再点一次取消。",
    companion_votes="目前票数：{likes} 👍，{dislikes} 👎",
    companion_voters="已投票：{voters} 人",
    companion_closed="第 {number} 代（已截止）",
    companion_uncertain="如果没收到画，请按“再发一次”。",
    toast_liked="你喜欢第 {number} 张",
    toast_disliked="你不喜欢第 {number} 张",
    toast_taken_back="已取消：{number}",
    toast_generation_closed="这一代已截止。请给最新的一代投票。",
    toast_painting_next="这一代已截止：正在画下一代。",
    toast_next="谢谢！正在画下一代。",
    toast_next_without_votes="这次没有投票，我就多看看别处。",
    toast_style_chosen="{title}：正在画你的第一代。",
    toast_style_gone="这种风格已经没有了。/start 显示现有的。",
    toast_going_on="给你。",
    toast_anew="新的开始：选一种风格。",
    toast_cancelled="已取消。",
    toast_nothing_to_cancel="没有可取消的了。",
    toast_stopped="已结束。",
    toast_nothing_to_stop="这次进化已经结束。/start 开始新的。",
    toast_trying_again="正在重试。",
    toast_nothing_to_try="这已经解决了。",
    toast_showing_again="正在重新发送。",
    toast_best_coming="正在挂出最好的画……",
    toast_no_best="还没有喜欢的：先点一个 👍。",
    toast_unknown_button="这个按钮已经失效。/start 显示能用的。",
    toast_session_over="那次进化已经结束。/start 开始新的。",
    toast_under_way="已有一次进化在进行。",
    toast_not_allowed="抱歉，这个机器人只供其他聊天使用。",
    no_best="还没有喜欢的：给画点 👍，它就会挂在这里。",
    best_caption="目前最好的（/original 2.3 以文件发送第 2 代的第 3 张）",
    best_line="第 {generation} 代：{numbers}",
    stopped="在第 {number} 代之后结束。谢谢观看！/best 仍显示你的最爱，/start 重新开始。",
    stopped_early="已结束。/start 重新开始。",
    stop_nothing="没有可结束的。/start 开始。",
    button_original="🖼 {number}",
    original_which="第 {generation} 代的哪一张要以文件发送？",
    original_how="说 /original 3 要最新一册的第 3 张，或 /original 2.3 要第 2 代的第 3 张。",
    original_no_generation="这次进化里没有这一代。/best 会告诉你喜欢的编号。",
    original_no_picture="第 {generation} 代有第 1 到第 {last} 张：请说其中一个编号。",
    original_gone="那张画已不在我的磁盘上。它的种子是 {seed}。",
    original_caption=(
        "第 {generation} 代，第 {number} 张：文件里有完整配方。\n\n"
        "{prompt}\n"
        "种子 {seed} · 步数 {steps} · 引导 {guidance}\n"
        "模型 {model} · 适配器 {adapters}"
    ),
    toast_original_coming="正在取原图……",
    taste_nothing="我还不了解你的口味：在画册下点 👍 和 👎，然后再问我。",
    taste_title="我学到的。代数：{generations}，票数：{likes} 👍，{dislikes} 👎。",
    taste_likes="💚 确定喜欢：{what}。",
    taste_dislikes="💔 确定不喜欢：{what}。",
    taste_perhaps="🤔 也许喜欢：{what}。",
    taste_open="目前还没有突出的。",
    taste_slider_high="{name} 高",
    taste_slider_middle="{name} 中",
    taste_slider_low="{name} 低",
    taste_certainty="我了解这种口味的大约 {percent} %。",
    taste_until="到我有把握为止，大约还需票数：{votes}。",
    taste_until_unknown="现在说还需多少票为时尚早。",
    taste_sure="这足以确定主要的偏好了。",
    taste_contradictory="投票互相矛盾：偶然也能同样解释它们。少喜欢一些：只选你愿意挂起来的。",
    taste_drifting="口味在途中变化：新的投票更有分量。想要的话 /start 重新开始。",
    taste_uniform="最近的画几乎一样：点几个 👎 就能看到别的。",
    taste_camps="你们当中有两种口味，各有 {first} 人和 {second} 人：都会有位置。",
    taste_legend="图中：圆点是我的判断，横条是可能的误差；颜色浅的还不确定。",
    lineage_nothing="还没有画册：/start 开始，家族随你的 👍 成长。",
    lineage_caption=(
        "家谱，第 {first} 到第 {last} 代。边框表示喜欢，红叉表示不喜欢。"
        "连线从喜欢的画连到下一册里与它最相像的画：我不记录父母，因为每张新画都取自我学到的一切。"
    ),
    export_caption=(
        "你的提示模型：{title}，代数：{generations}。里面没有任何人的名字。"
        "在任何聊天里发给我，或交给朋友：都从这里继续。"
    ),
    export_too_large="这个提示模型太大，文件装不下了。用 /start 开始一个新的。",
    import_how=(
        "把提示模型的文件发给我（由 /export 生成）：私聊里直接发；群里以 /import 作说明文字，或用 /import 回复它。"
    ),
    import_under_way="这里有一次进化在进行。先用 /stop 结束，再发一次文件。",
    import_too_large="这个文件大于 {limit} MB，不是我生成的。请发 /export 生成的文件。",
    import_foreign="我读不懂这个文件。请发 /export 生成的、未改动的文件。",
    import_newer="这个文件由更新版本的我生成。请运营者更新我，然后再发一次。",
    import_damaged="这个提示模型已损坏，或被手工改过。请重新导出一次。",
    import_no_style="这个提示模型学的是风格“{title}”，这里没有。这里有：{styles}。",
    import_other_space="风格“{title}”的属性与这个提示模型学习时不同：不适用。请在原处导入，或在此用 /start 重新开始。",
    imported="欢迎回来：{title}，已学 {generations} 代、{votes} 票。从那里继续……",
    imported_other_version="此后这种风格重新训练过：画可能略有不同。",
    button_keep="全部保留",
    button_forget="🗑 全部清除",
    forget_sure=(
        "要清除我保存的你的一切吗？无法恢复；可先用 /export 保存你的提示模型。\n\n"
        "会清除：你的名字和语言；本聊天的进化及其学到的一切，和它们在我磁盘上的画；你在每个群里的投票，"
        "包括从群里学到的内容中。\n\n"
        "会留下：群里的画和他人的投票；Telegram 里的所有消息，你可以在那里删除；运营者可能做过的备份和日志。"
    ),
    forget_in_private="这是你我之间的事：请在私聊里说 /forget。它也会清除你在这里的投票。",
    forget_kept="什么都没有清除。",
    forgotten="我保存的你的一切都已清除。再会，随时可以 /start。",
    toast_kept="什么都没有清除。",
    toast_forgetting="正在清除……",
    button_sure="是，下一代",
    close_sure="目前 {awaited} 人中有 {voted} 人投票。仍要截止这一代吗？",
    companion_voters_of="已投票：{voters} / {awaited} 人",
    companion_left="剩余时间：{left}",
    companion_time_over="时间到：第一票就会带来下一代。",
    companion_closers_starter="发起人或管理员可以按“下一代”。",
    companion_closers_administrators="管理员可以按“下一代”。",
    companion_closers_everyone="任何人都可以按“下一代”。",
    reminder="⏳ 投票还剩 {left}。已投票：{voted} 人。",
    reminder_of="⏳ 投票还剩 {left}。已投票：{voted} / {awaited} 人。",
    span_minutes="{count} 分钟",
    span_hours="{count} 小时",
    span_days="{count} 天",
    toast_few_voted="投票的人还很少：我在下面问你是否确定。",
    toast_not_yours_to_close="只有这次进化的发起人或管理员可以这样做。/settings 里有说明。",
    paint_caption="按你的口味：{title}",
    paint_how="说 /paint，或 /paint 加 1 到 {most} 的数字。",
    settings_title="⚙️ 本聊天的设置。按你想改的：",
    settings_administrators="群里的设置由管理员选择。",
    toast_administrators_only="只有管理员能改。",
    toast_setting="{title}：{value}",
    button_back="◀️ 返回",
    setting_none="无",
    setting_size="每册画数",
    setting_size_about="一册要有几张画？从下一代起生效。",
    setting_limit="时限",
    setting_limit_about="有人投票后，一代过多久自动截止？",
    setting_quorum="足够人数",
    setting_quorum_about="这么多人投票后不久就截止；不设人数时，等之前参与过的人都投完。",
    setting_closers="谁可以截止",
    setting_closers_about="谁可以按“下一代”和“结束”？",
    setting_closers_starter="发起人、管理员",
    setting_closers_administrators="管理员",
    setting_closers_everyone="所有人",
    setting_counts="截止前的票数",
    setting_counts_about="隐藏时，截止之前谁也看不到别人喜欢什么。",
    setting_hidden="隐藏",
    setting_shown="显示",
    setting_style="风格",
    setting_style_about="/new 用哪种风格开始？",
    setting_style_ask="每次询问",
    setting_language="语言",
    setting_language_about="我在这里说哪种语言？",
    setting_language_own="各说各的",
    setting_daily="每日画展",
    setting_daily_about="每天几点在这里挂出下一代？请同时设置时钟。",
    setting_quiet="安静时段",
    setting_quiet_about="什么时候我不主动发消息？请同时设置时钟。",
    setting_clock="时钟",
    setting_clock_about="你的时钟比 UTC 快多少？",
    poll_question="第 {number} 代：你喜欢哪些？",
    companion_how_poll="在投票里选你喜欢的，可多选，也可更改。",
    setting_mode="投票方式",
    setting_mode_about="用每张画的 👍 和 👎，还是用带图片的投票？",
    setting_mode_keyboard="👍 👎",
    setting_mode_poll="投票",
    group_greeting=(
        "大家好！我为这个群作画，你们一起投票。说 /start 开始。\n"
        "我不需要任何权限；作为管理员我还能看到对画册的回应。/settings 供管理员使用。"
    ),
    setting_share="帮助新人",
    setting_share_about=("这里学到的可以帮助别人的第一册吗？它与许多人的投票混在一起，不含任何名字。"),
    setting_yes="是",
    setting_no="否",
    something_failed="我这边出了点问题，但你的东西都没丢。请再试一次；/start 总能找到回来的路。",
    no_room="我的磁盘满了，暂时不能作画。你的投票都保存着，开放的画册仍可投票。一有空间我就自动继续。",
    no_room_operators=(
        "磁盘已满，作画暂停；投票仍照常接受。剩余：{free} GB；图片预算：{budget} GB。请腾出空间，或调高 "
        "VERNISSAGE_DISK_BUDGET。之后我会自动继续；vernissage doctor 有详情。"
    ),
    command_share="用链接分享这份品味",
    command_blend="用链接把朋友的品味与这份杂交",
    button_unshare="🚫 停止分享",
    share_link="打开这个链接的人会从这个提示模型（{title}）的副本开始。里面没有任何人的名字，他们的喜好也不会影响这里。\n\n{link}",
    blend_link="打开这个链接的人会把自己的 {title} 品味与这份杂交，带着两者重新开始。里面没有任何人的名字。\n\n{link}",
    share_nothing="还没有可分享的：先给一组画投票吧。",
    share_stopped="这个链接已失效。朋友用它开始的一切仍归他们。",
    share_gone="这个链接已失效。/start 开始你自己的进化。",
    share_opened=(
        "有朋友与你分享了一份品味：{title}，学自 {generations} 代、{votes} 票。\n"
        "下一组画马上就来。从现在起由你来选：👍 和 👎 会让它变成你的。"
    ),
    share_under_way="这里正有一场进化。先用 /stop 结束，再打开链接。",
    blended=(
        "两份品味合而为一：{title}，你的和朋友的，学自 {generations} 代、{votes} 票。\n"
        "两者的第一组画马上就来。从现在起由你来选。"
    ),
    blend_none="你在 {title} 里还没有自己的品味。说 /start，选 {title}，投几票，再 /stop，然后重新打开链接。",
    blend_other_style=(
        "那份品味属于风格 {title}，你的属于 {own}："
        "只有同一风格的两份才能杂交。说 /start，选 {title}，投几票，再 /stop，然后重新打开链接。"
    ),
    toast_unshared="链接已停用。",
    toast_not_your_link="只有创建这个链接的人才能停用它。",
)
