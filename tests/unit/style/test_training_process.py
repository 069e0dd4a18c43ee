"""How pictures become noise: the schedulers' own way, and predictions that stand for pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler, FlowMatchEulerDiscreteScheduler

from style.errors import BadModelError
from style.training.process import Diffusion, Flow, Process, process_of

TIMES = torch.tensor([0.05, 0.3, 0.6, 0.95])


@pytest.fixture(params=["flow", "epsilon", "v_prediction"])
def process(request: pytest.FixtureRequest) -> Process:
    """One of the three."""
    kind = request.param
    return process_of(FlowMatchEulerDiscreteScheduler() if kind == "flow" else DDIMScheduler(prediction_type=kind))


@pytest.fixture
def drawn() -> tuple[torch.Tensor, torch.Tensor]:
    """Latents and noise, four rows of each."""
    torch.manual_seed(0)
    return torch.randn(4, 2, 3, 3), torch.randn(4, 2, 3, 3)


def test_right_prediction_stands_for_the_picture(process: Process, drawn: tuple[torch.Tensor, torch.Tensor]) -> None:
    """From noisy latents and the right prediction the picture comes back."""
    noisy, right = (give(*drawn, TIMES) for give in (process.add_noise, process.target))
    assert torch.allclose(process.picture(noisy, right, TIMES), drawn[0], atol=1e-4)


def test_moved_prediction_stands_for_the_moved_picture(
    process: Process, drawn: tuple[torch.Tensor, torch.Tensor]
) -> None:
    """On the same noisy latents, a moved prediction is the picture plus the change, and less of it near the picture."""
    noisy, right = (give(*drawn, TIMES) for give in (process.add_noise, process.target))
    change = torch.ones_like(noisy)
    moved = process.picture(noisy, process.moved(right, change, TIMES), TIMES) - drawn[0]
    assert torch.allclose(moved[1:], change[1:], atol=1e-3)
    assert 0.0 < float(moved[0].mean()) < 0.9


def test_errors_of_predictions_count_as_those_of_pictures(process: Process) -> None:
    """The picture's weight times the prediction's squared error is the picture's, where it is not bounded."""
    zero, error = torch.zeros(4, 1, 1, 1), torch.full((4, 1, 1, 1), 0.1)
    of_picture = (process.picture(zero, error, TIMES) - process.picture(zero, zero, TIMES)) ** 2
    counted = process.picture_weights(TIMES) * error**2
    assert torch.allclose(counted[:2], of_picture[:2], rtol=1e-4)
    assert bool((counted <= of_picture + 1e-5).all())


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
def test_noise_is_the_schedulers_own(prediction: str, drawn: tuple[torch.Tensor, torch.Tensor]) -> None:
    """Noisy latents and velocity are those of diffusers at the same steps."""
    scheduler = DDPMScheduler(prediction_type=prediction, beta_schedule="scaled_linear")
    process = process_of(scheduler)
    steps = process.network_times(TIMES)
    assert steps.tolist() == [50, 300, 600, 950]
    assert torch.allclose(process.add_noise(*drawn, TIMES), scheduler.add_noise(*drawn, steps), atol=1e-5)
    expected = drawn[1] if prediction == "epsilon" else scheduler.get_velocity(*drawn, steps)
    assert torch.allclose(process.target(*drawn, TIMES), expected, atol=1e-5)


def test_clear_pictures_count_no_more_than_five() -> None:
    """min-SNR: as errors of the picture, weights are the signal-to-noise ratio, five at most."""
    for kind in ("epsilon", "v_prediction"):
        process = process_of(DDIMScheduler(prediction_type=kind))
        assert isinstance(process, Diffusion)
        snr = process.alphas_cumprod[[50, 300, 600, 950]] / (1 - process.alphas_cumprod[[50, 300, 600, 950]])
        per_prediction = 1 / snr if kind == "epsilon" else 1 / (snr + 1)
        assert torch.allclose(process.weights(TIMES).flatten(), snr.clamp(max=5.0) * per_prediction, rtol=1e-4)


def test_times_are_inside_and_repeat(process: Process) -> None:
    """Drawn times lie in (0, 1), and the same dice give the same; a flow's are mostly in the middle."""
    times = process.draw_times(2000, torch.Generator().manual_seed(1))
    assert 0.0 < float(times.min()) < float(times.max()) < 1.0
    assert torch.equal(times, process.draw_times(2000, torch.Generator().manual_seed(1)))
    middle = float(((times > 0.25) & (times < 0.75)).float().mean())
    assert middle > 0.65 if isinstance(process, Flow) else 0.45 < middle < 0.55


def test_schedule_that_ends_in_pure_noise_gives_finite_numbers(drawn: tuple[torch.Tensor, torch.Tensor]) -> None:
    """With zero terminal SNR no picture is left at the end, and nothing is divided by it."""
    process = process_of(DDIMScheduler(rescale_betas_zero_snr=True))
    last = torch.full((4,), 0.9999)
    noisy, right = (give(*drawn, last) for give in (process.add_noise, process.target))
    for numbers in (process.picture(noisy, right, last), process.weights(last), process.picture_weights(last)):
        assert bool(torch.isfinite(numbers).all())


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (lambda: DPMSolverMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True), Flow),
        (lambda: DPMSolverMultistepScheduler(prediction_type="v_prediction"), Diffusion),
    ],
)
def test_scheduler_says_the_process(build: Callable[[], object], kind: type) -> None:
    """One class of scheduler serves several processes: its configuration decides."""
    assert isinstance(process_of(build()), kind)


def test_unknown_prediction_is_refused() -> None:
    """A model that predicts the picture itself is told with its prediction and what would do."""
    with pytest.raises(
        BadModelError, match="DDIMScheduler with prediction_type 'sample' cannot be trained on; expected"
    ):
        process_of(DDIMScheduler(prediction_type="sample"))
