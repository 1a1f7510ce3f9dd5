"""Writes files as Keras 3 lays them out, by h5py; prints what PyTorch answers for the same weights."""
import io
import json
import sys
import zipfile
from pathlib import Path

import h5py
import torch
from torch.nn import functional

given = json.load(sys.stdin)
FOLDER = Path(given['folder'])
ACTIVATIONS = {
    'linear': lambda z: z,
    'sigmoid': torch.sigmoid,
    'tanh': torch.tanh,
    'relu': torch.relu,
    'leaky_relu': lambda z: functional.leaky_relu(z, 0.2),
    'elu': functional.elu,
    'selu': functional.selu,
    'softplus': functional.softplus,
    'softsign': functional.softsign,
    'gelu': functional.gelu,
    'silu': functional.silu,
    'mish': functional.mish,
    'hard_sigmoid': functional.hardsigmoid,
    'softmax': lambda z: torch.softmax(z, 1),
}
DTYPES = {'f32': torch.float32, 'f64': torch.float64}


def layer(class_name, config):
    return {'module': 'keras.layers', 'class_name': class_name, 'config': config, 'registered_name': None}


def config_of(names):
    units = given['sizes'][1:]
    dense = [
        layer('Dense', {'name': f'layer_{i}', 'units': n, 'activation': name, 'use_bias': True})
        for i, (n, name) in enumerate(zip(units, names))
    ]
    shape = layer('InputLayer', {'name': 'x', 'batch_shape': [None, given['sizes'][0]]})
    return {'class_name': 'Sequential', 'config': {'name': 'sequential', 'layers': [shape, *dense]}}


def write_zip(path, config, weights):
    file = io.BytesIO()
    with h5py.File(file, 'w') as root:
        for i, pair in enumerate(weights):
            group = root.create_group('layers/dense' + ('' if i == 0 else f'_{i}')).create_group('vars')
            group.attrs['name'] = f'layer_{i}'
            for j, tensor in enumerate(pair):
                group[str(j)] = tensor.numpy()
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('metadata.json', json.dumps({'keras_version': '3.15.1'}))
        archive.writestr('config.json', json.dumps(config))
        archive.writestr('model.weights.h5', file.getvalue())


def write_hdf5(path, config, weights):
    with h5py.File(path, 'w') as root:
        root.attrs['keras_version'] = '3.15.1'
        root.attrs['model_config'] = json.dumps(config)
        for i, pair in enumerate(weights):
            group = root.create_group(f'model_weights/layer_{i}')
            names = [f'sequential/layer_{i}/{own}' for own in ('kernel', 'bias')]
            group.attrs['weight_names'] = [name.encode() for name in names]
            for name, tensor in zip(names, pair):
                group[name] = tensor.numpy()


torch.manual_seed(1)
answers = []
for case in given['cases']:
    what, precision, hidden = case['what'], case['precision'], case['hidden']
    dtype = DTYPES[precision]
    sizes = given['sizes']
    weights = [(torch.randn(i, o, dtype=dtype) / 2, torch.randn(o, dtype=dtype)) for i, o in zip(sizes, sizes[1:])]
    names = [hidden] * (len(weights) - 1) + [what]
    config = config_of(names)
    write_zip(FOLDER / f'{what}-{precision}.keras', config, weights)
    write_hdf5(FOLDER / f'{what}-{precision}.h5', config, weights)
    a = torch.tensor(given['x'], dtype=dtype).reshape(-1, sizes[0])
    for name, (kernel, bias) in zip(names, weights):
        a = ACTIVATIONS[name](a @ kernel + bias)
    answers.append(a.double().flatten().tolist())
print(json.dumps(answers))
