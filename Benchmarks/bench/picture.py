"""The table as a picture."""

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

# Text stays text, ids are the same in every run, and no date: the file changes only with the figures.
plt.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "tollgate", "font.family": "sans-serif", "font.size": 10}
OURS, CALL, STEPS = "#2563a8", "#9aa5b1", "#cdd5dd"


def draw(path, figures):
    picture, (rates, costs) = plt.subplots(
        1, 2, figsize=(11, 4.2), gridspec_kw={"width_ratios": [3, 2]}, layout="constrained")
    _rates(rates, figures)
    _costs(costs, figures)
    picture.savefig(path, metadata={"Date": None})


def _rates(axes, figures):
    bars = [
        ("one customer: transaction", "hot transaction", STEPS), ("one customer: call", "hot call", CALL),
        ("one customer: Tollgate", "hot 256", OURS),
        ("10,000 customers: transaction", "many transaction", STEPS),
        ("10,000 customers: call", "many call", CALL), ("10,000 customers: Tollgate", "many 256", OURS),
    ]
    for place, (_, name, colour) in enumerate(bars):
        median, (low, high) = figures[name].median(), figures[name].range()
        axes.barh(place, median, color=colour, xerr=[[median - low], [high - median]],
                  error_kw={"ecolor": "#44505c", "capsize": 3})
        axes.text(high, place, f"  {median:,.0f}", va="center")
    axes.set_yticks(range(len(bars)), [label for label, _, _ in bars])
    axes.set_xlim(0, 1.18 * max(figures[name].range()[1] for _, name, _ in bars))
    axes.set_title("Purchases per second: pgbench without HTTP, Tollgate through it", loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)


def _costs(axes, figures):
    bars = [("transaction", "many transaction"), ("call", "many call"), ("Tollgate", "many 256")]
    for place, (_, name) in enumerate(bars):
        postgres, server = figures[name].median("postgres_cpu"), figures[name].median("server_cpu")
        axes.barh(place, postgres, color="#d08a3c", label="PostgreSQL" if place == 0 else None)
        axes.barh(place, server, left=postgres, color=OURS, label="server" if place == 0 else None)
        axes.text(postgres + server, place, f"  {postgres + server:,.0f}", va="center")
    axes.set_yticks(range(len(bars)), [label for label, _ in bars])
    axes.set_xlim(0, 1.25 * max(bar.get_x() + bar.get_width() for bar in axes.patches))
    axes.set_title("CPU per purchase, µs (10,000 customers)", loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper right")
