import t from 'tap';
import { parseStrict } from '../src/index.js';

t.same(parseStrict('{"a":[1,-2,{"b":"x:\\"{"}]}'), { a: [1, -2, { b: 'x:"{' }] });
