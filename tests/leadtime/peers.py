"""The tables of the benchmark, beside what the existing bundles do in the same scenarios."""

from scenarios import Fill, Harmless, NoPage

# Minutes before NOSPACE of (any alert, page), or what else happened: etcd's mixin, OpenShift's and Giant Swarm's rules,
# replayed over the same scenarios.
BUNDLES = {
    "A": ("230 / 20", "230 / 82", "307 / 33"),
    "B": ("757 / 757", "2294 / 2293", "2289 / 2214"),
    "C": ("974 / 52", "974 / 974", "969 / 894"),
    "D": ("1096 / 51", "1096 / 174", "322 / 155"),
    "E": ("32 / 5", "67 / 36", "46 / 10"),
    "F": ("-7 / -7", "7 / 0", "5 / -2"),
    "N2": ("false alarm", "false alarm", "silent"),
    "N3": ("silent", "silent", "false alarm"),
    "N4": ("false alarm", "false alarm", "silent"),
    "X1": ("silent", "silent", "silent"),
    "X2": ("silent", "silent", "silent"),
}

# What etcd's own metrics show. They do not show an alarm that is left armed.
ETCD_ONLY = BUNDLES.keys() - {"X1"}


def outcome(result):
    expects = result.scenario.expects
    if isinstance(expects, Fill):
        return f"{result.lead('warning')} / {result.lead('critical')}"
    if isinstance(expects, Harmless):
        return "silent" if not result.faults else "; ".join(result.faults)
    if isinstance(expects, NoPage):
        tickets = ", ".join(name.removeprefix("EtcdHeadroom") for name in result.firings.names("warning"))
        return "; ".join(result.faults) or (f"ticket: {tickets}" if tickets else "silent")
    after = result.firings.first_minute(name=expects.alert) - expects.since
    return f"{expects.alert.removeprefix('EtcdHeadroom')} after {after:.0f} min"


def available(result):
    if isinstance(result.scenario.expects, Fill) and result.nospace is not None:
        return str(result.nospace - result.scenario.expects.onset)
    return ""


def report(results, etcd_only):
    alone = {result.scenario.name: result for result in etcd_only}
    lines = [
        "# Lead time",
        "",
        "Written by `make bench-leadtime`. Each scenario is replayed through `promtool test rules` at one-minute data. Fills: minutes",
        "from the first warning / the first critical to NOSPACE, counting alerts that began with the growth or later; a minus",
        "sign means after it. The bundles' figures are `any alert / page`.",
        "",
        "| Scenario | Minutes from growth to NOSPACE | etcd-headroom | etcd-only.yaml | etcd mixin | OpenShift | Giant Swarm | Target |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        scenario = result.scenario
        others = BUNDLES.get(scenario.name, ("", "", ""))
        faults = [*result.faults, *(f"etcd-only: {fault}" for fault in (alone[scenario.name].faults if scenario.name in alone else ()))]
        met = "**missed**: " + "; ".join(faults) if faults else "met"
        only = outcome(alone[scenario.name]) if scenario.name in alone else ""
        lines.append(
            f"| {scenario.name}: {scenario.what} | {available(result)} | {outcome(result)} | {only} | {' | '.join(others)} | {met} |"
        )
    return "\n".join(lines) + "\n"
