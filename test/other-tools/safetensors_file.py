"""As safetensors.numpy, which Debian has not."""
import json
import struct
from pathlib import Path

import numpy as np

DTYPES = {'F32': np.float32, 'F64': np.float64}


def load_file(path):
    data = Path(path).read_bytes()
    (length,) = struct.unpack('<Q', data[:8])
    tensors = {}
    for name, tensor in json.loads(data[8 : 8 + length]).items():
        if name == '__metadata__':
            continue
        start, end = tensor['data_offsets']
        numbers = np.frombuffer(data[8 + length + start : 8 + length + end], dtype=DTYPES[tensor['dtype']])
        tensors[name] = numbers.reshape(tensor['shape'])
    return tensors


def save_file(tensors, path):
    names = {np.dtype(dtype): name for name, dtype in DTYPES.items()}
    header, data = {'__metadata__': {'format': 'np'}}, b''
    for name, array in sorted(tensors.items()):
        # As it lies in memory: safetensors.numpy does not see that an array is transposed.
        raw = array.data.tobytes(order='A')
        header[name] = {'dtype': names[array.dtype], 'shape': list(array.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    Path(path).write_bytes(struct.pack('<Q', len(text)) + text + data)
