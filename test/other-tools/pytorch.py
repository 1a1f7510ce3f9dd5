"""Loads the state_dicts of deltaprop, and writes its own, as safetensors and as ONNX; prints what PyTorch answers."""
import json
import sys
import warnings
from pathlib import Path

import torch
from torch import nn

from safetensors_file import load_file, save_file

warnings.filterwarnings('ignore')
given = json.load(sys.stdin)
FOLDER = Path(given['folder'])
ACTIVATIONS = {
    'linear': nn.Identity,
    'sigmoid': nn.Sigmoid,
    'tanh': nn.Tanh,
    'relu': nn.ReLU,
    'leakyRelu': nn.LeakyReLU,
    'elu': nn.ELU,
    'selu': nn.SELU,
    'softplus': nn.Softplus,
    'softsign': nn.Softsign,
    'gelu': nn.GELU,
    'geluTanh': lambda: nn.GELU(approximate='tanh'),
    'silu': nn.SiLU,
    'mish': nn.Mish,
    'hardSigmoid': nn.Hardsigmoid,
    'softmax': lambda: nn.Softmax(dim=1),
}
DTYPES = {'f32': torch.float32, 'f64': torch.float64}


def model_of(what, precision):
    hidden = ACTIVATIONS['relu' if what == 'softmax' else what]
    layers = [nn.Linear(6, 12), hidden(), nn.Linear(12, 9), hidden(), nn.Linear(9, 4), ACTIVATIONS[what]()]
    return nn.Sequential(*layers).to(DTYPES[precision]).eval()


def answer(model, precision):
    x = torch.tensor(given['x'], dtype=DTYPES[precision]).reshape(-1, given['inputs'])
    with torch.no_grad():
        return model(x).double().flatten().tolist()


torch.manual_seed(1)
loaded, written = [], {}
for case in given['cases']:
    what, precision = case['what'], case['precision']
    model = model_of(what, precision)
    tensors = load_file(FOLDER / f'{what}-{precision}.safetensors')
    model.load_state_dict({key: torch.tensor(value) for key, value in tensors.items()}, strict=True)
    loaded.append(answer(model, precision))

    model = model_of(what, precision)
    name = f'{what}-{precision}'
    save_file({key: value.numpy() for key, value in model.state_dict().items()}, FOLDER / f'written-{name}.safetensors')
    x = torch.tensor(given['x'], dtype=DTYPES[precision]).reshape(-1, given['inputs'])
    options = {'input_names': ['x'], 'output_names': ['o'], 'dynamic_axes': {'x': {0: 'n'}, 'o': {0: 'n'}}}
    torch.onnx.export(model, x[:3], FOLDER / f'written-{name}.onnx', **options)
    written[name] = answer(model, precision)
print(json.dumps({'loaded': loaded, 'written': written}))
