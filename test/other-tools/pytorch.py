"""Loads the state_dicts of deltaprop, and writes its own, as safetensors and as ONNX; prints what PyTorch answers."""
import json
import struct
import sys
import warnings
from pathlib import Path

import numpy
import torch
from torch import nn

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


def load_file(path):
    """As safetensors.torch.load_file, which Debian has not."""
    data = path.read_bytes()
    (length,) = struct.unpack('<Q', data[:8])
    tensors = {}
    for name, tensor in json.loads(data[8 : 8 + length]).items():
        if name == '__metadata__':
            continue
        start, end = tensor['data_offsets']
        dtype = {'F32': numpy.float32, 'F64': numpy.float64}[tensor['dtype']]
        numbers = numpy.frombuffer(data[8 + length + start : 8 + length + end], dtype=dtype)
        tensors[name] = torch.tensor(numbers).reshape(tensor['shape'])
    return tensors


def save_file(tensors, path):
    """As safetensors.torch.save_file."""
    header, data = {'__metadata__': {'format': 'pt'}}, b''
    for name, tensor in sorted(tensors.items()):
        raw = tensor.numpy().tobytes()
        dtype = 'F32' if tensor.dtype == torch.float32 else 'F64'
        header[name] = {'dtype': dtype, 'shape': list(tensor.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


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
    model.load_state_dict(load_file(FOLDER / f'{what}-{precision}.safetensors'), strict=True)
    loaded.append(answer(model, precision))

    model = model_of(what, precision)
    name = f'{what}-{precision}'
    # The output of deltaprop's importers is linear unless they are told otherwise.
    state = model if what == 'softmax' else nn.Sequential(*list(model)[:-1])
    save_file(state.state_dict(), FOLDER / f'written-{name}.safetensors')
    x = torch.tensor(given['x'], dtype=DTYPES[precision]).reshape(-1, given['inputs'])
    options = {'input_names': ['x'], 'output_names': ['o'], 'dynamic_axes': {'x': {0: 'n'}, 'o': {0: 'n'}}}
    torch.onnx.export(state, x[:3], FOLDER / f'written-{name}.onnx', **options)
    written[name] = answer(state, precision)
print(json.dumps({'loaded': loaded, 'written': written}))
