using System.Buffers;
using System.Text;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>Makes chunks from stored documents. Keeps its working space from one chunk to the next; not thread-safe.</summary>
internal sealed class ChunkBuilder(IndexSchema schema, Dictionaries dictionaries)
{
    private readonly Accumulator[] _accumulators = [.. schema.Columns.Select(_ => new Accumulator())];
    private readonly ArrayBufferWriter<byte> _literals = new();
    private readonly TextAccumulator _text = new(dictionaries.Words);
    private readonly ushort[] _codes = new ushort[Chunk.MaxRows];

    /// <summary>At most <see cref="Chunk.MaxRows"/> documents, in their order.</summary>
    public Chunk Build(ReadOnlySpan<StoredRow> rows)
    {
        var ids = new long[rows.Length];
        foreach (var accumulator in _accumulators)
        {
            accumulator.Clear();
        }
        _text.Clear();
        for (var row = 0; row < rows.Length; row++)
        {
            ids[row] = rows[row].Id;
            var cells = new CellReader(rows[row].Cells, schema.Columns);
            while (cells.MoveNext())
            {
                Take((ushort)row, cells);
            }
            _text.EndRow();
        }
        var columns = new Column?[schema.Columns.Count];
        for (var column = 0; column < columns.Length; column++)
        {
            columns[column] = _accumulators[column].Count == 0 ? null : schema.Columns[column].Kind switch
            {
                ColumnKind.Number => NumberColumn(_accumulators[column]),
                ColumnKind.Keyword => TermColumn(_accumulators[column]),
                ColumnKind.KeywordSet => SetOf(_accumulators[column]),
                ColumnKind.Geo => GeoOf(_accumulators[column]),
                _ => TextOf(_accumulators[column], rows),
            };
        }
        return Chunk.Create(ids, columns, _text.Finish(rows.Length));
    }

    private void Take(ushort row, in CellReader cells)
    {
        var accumulator = _accumulators[cells.Column];
        var definition = schema.Columns[cells.Column];
        switch (definition.Kind)
        {
            case ColumnKind.Number:
                accumulator.Add(row, cells.Number, 0);
                break;
            case ColumnKind.Geo:
                accumulator.Add(row, cells.Geo.Latitude, 0, cells.Geo.Longitude);
                break;
            case ColumnKind.Text:
                accumulator.Add(row, 0, cells.Literal.Length);
                if (definition.FullText)
                {
                    _text.Add(cells.Literal, definition.Language);
                }
                break;
            default:
                accumulator.Add(row, 0, cells.Term);
                if (definition.FullText)
                {
                    _text.Add(dictionaries[cells.Column].Literal(cells.Term), definition.Language);
                }
                break;
        }
    }

    private CodeColumn NumberColumn(Accumulator cells)
    {
        var (startWord, endWord) = cells.Words;
        var values = cells.Numbers.AsSpan(0, cells.Count);
        var rows = cells.Rows.AsSpan(0, cells.Count);
        values.Sort(rows);
        var codes = _codes.AsSpan(0, (endWord - startWord) << 6);
        codes.Clear();
        var distinct = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (distinct == 0 || values[distinct - 1] != values[i])
            {
                values[distinct++] = values[i];
            }
            codes[rows[i] - (startWord << 6)] = (ushort)distinct;
        }
        return CodeColumn.FromCodes(startWord, endWord, codes, NumberValues.Create(values[..distinct]), null);
    }

    private CodeColumn TermColumn(Accumulator cells)
    {
        var (startWord, endWord) = cells.Words;
        var terms = cells.Integers.AsSpan(0, cells.Count);
        var rows = cells.Rows.AsSpan(0, cells.Count);
        terms.Sort(rows);
        var codes = _codes.AsSpan(0, (endWord - startWord) << 6);
        codes.Clear();
        var distinct = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            if (distinct == 0 || terms[distinct - 1] != terms[i])
            {
                terms[distinct++] = terms[i];
            }
            codes[rows[i] - (startWord << 6)] = (ushort)distinct;
        }
        return CodeColumn.FromCodes(startWord, endWord, codes, null, terms[..distinct].ToArray());
    }

    private static SetColumn SetOf(Accumulator cells)
    {
        // Row and term in one number: primitive numbers sort several times faster than pairs.
        var keys = new long[cells.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((long)cells.Rows[i] << 32) | (uint)cells.Integers[i];
        }
        Array.Sort(keys);
        var pairs = new (ushort Row, int Term)[keys.Length];
        var count = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
            {
                pairs[count++] = ((ushort)(keys[i] >> 32), (int)keys[i]);
            }
        }
        var terms = cells.Integers.AsSpan(0, cells.Count);
        terms.Sort();
        var distinct = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            if (i == 0 || terms[i] != terms[i - 1])
            {
                terms[distinct++] = terms[i];
            }
        }
        return SetColumn.Create(pairs.AsSpan(0, count), terms[..distinct].ToArray());
    }

    private static GeoColumn GeoOf(Accumulator cells)
    {
        var places = new (ushort Row, double Latitude, double Longitude)[cells.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (cells.Rows[i], cells.Numbers[i], cells.Others[i]);
        }
        return GeoColumn.Create(places);
    }

    private TextColumn TextOf(Accumulator cells, ReadOnlySpan<StoredRow> rows)
    {
        var (startWord, endWord) = cells.Words;
        _literals.ResetWrittenCount();
        var ends = new int[(endWord - startWord) << 6];
        var column = Array.IndexOf(_accumulators, cells);
        var next = 0;
        for (var at = 0; at < ends.Length; at++)
        {
            var row = at + (startWord << 6);
            if (next < cells.Count && cells.Rows[next] == row)
            {
                var reader = new CellReader(rows[row].Cells, schema.Columns);
                while (reader.MoveNext() && reader.Column != column)
                {
                }
                _literals.Write(reader.Literal);
                next++;
            }
            ends[at] = _literals.WrittenCount;
        }
        return new TextColumn { StartWord = startWord, EndWord = endWord, Filled = cells.Count, Ends = ends, Literals = _literals.WrittenSpan.ToArray() };
    }

    /// <summary>The cells of one column, in the order of rows.</summary>
    private sealed class Accumulator
    {
        public ushort[] Rows { get; private set; } = [];

        public double[] Numbers { get; private set; } = [];

        public double[] Others { get; private set; } = [];

        public int[] Integers { get; private set; } = [];

        public int Count { get; private set; }

        private int _firstRow;
        private int _lastRow;

        public (int Start, int End) Words => (_firstRow >> 6, (_lastRow >> 6) + 1);

        public void Clear() => Count = 0;

        public void Add(ushort row, double number, int integer, double other = 0)
        {
            if (Count == Rows.Length)
            {
                var size = Math.Max(16, Rows.Length * 2);
                Rows = Grow(Rows, size);
                Numbers = Grow(Numbers, size);
                Integers = Grow(Integers, size);
            }
            if (Count == 0)
            {
                _firstRow = row;
            }
            _lastRow = row;
            Rows[Count] = row;
            Numbers[Count] = number;
            Integers[Count] = integer;
            if (other != 0 || Others.Length > 0)
            {
                if (Others.Length < Rows.Length)
                {
                    Others = Grow(Others, Rows.Length);
                }
                Others[Count] = other;
            }
            Count++;
        }

        private static T[] Grow<T>(T[] array, int size)
        {
            Array.Resize(ref array, size);
            return array;
        }
    }

    /// <summary>The words of the rows, then their postings.</summary>
    private sealed class TextAccumulator(TermDictionary dictionary)
    {
        private readonly List<(int Word, ushort Row, byte Frequency)> _postings = [];
        private readonly List<int> _row = [];
        private readonly List<byte> _lengths = [];
        private readonly byte[] _word = new byte[Tokenizer.MaxWordBytes];
        private readonly byte[] _marked = new byte[Tokenizer.MaxWordBytes + 8];

        public void Clear()
        {
            _postings.Clear();
            _row.Clear();
            _lengths.Clear();
        }

        public void Add(ReadOnlySpan<byte> literal, string? language)
        {
            var text = literal[1..^1];
            if (text.Contains((byte)'\\'))
            {
                text = Encoding.UTF8.GetBytes(JsonLiteral.Read(literal));
            }
            var words = new Tokenizer(text, _word);
            while (words.MoveNext())
            {
                _row.Add(dictionary.Intern(words.Word));
                if (language is not null)
                {
                    _row.Add(dictionary.Intern(Stems.Mark(language, words.Word, _marked)));
                }
            }
        }

        public void EndRow()
        {
            _lengths.Add((byte)Math.Min(_row.Count, byte.MaxValue));
            _row.Sort();
            for (int i = 0, j; i < _row.Count; i = j)
            {
                for (j = i + 1; j < _row.Count && _row[j] == _row[i]; j++)
                {
                }
                _postings.Add((_row[i], (ushort)(_lengths.Count - 1), (byte)Math.Min(j - i, byte.MaxValue)));
            }
            _row.Clear();
        }

        public TextIndex? Finish(int rows)
        {
            if (_postings.Count == 0)
            {
                return null;
            }
            _postings.Sort((left, right) => left.Word != right.Word ? left.Word.CompareTo(right.Word) : left.Row.CompareTo(right.Row));
            var words = new List<int>();
            var starts = new List<int>();
            var postingRows = new ushort[_postings.Count];
            var frequencies = new byte[_postings.Count];
            for (var i = 0; i < _postings.Count; i++)
            {
                if (i == 0 || _postings[i].Word != _postings[i - 1].Word)
                {
                    words.Add(_postings[i].Word);
                    starts.Add(i);
                }
                postingRows[i] = _postings[i].Row;
                frequencies[i] = _postings[i].Frequency;
            }
            starts.Add(_postings.Count);
            var lengths = new byte[rows];
            _lengths.CopyTo(lengths);
            return new TextIndex
            {
                Words = [.. words],
                Starts = [.. starts],
                Rows = postingRows,
                Frequencies = frequencies,
                Lengths = lengths,
                TotalLength = lengths.Sum(length => (long)length),
            };
        }
    }
}

/// <summary>How stems are told from words in the dictionary: by a language mark in front that no word can have.</summary>
internal static class Stems
{
    /// <summary>The dictionary entry for a word's stem in a language.</summary>
    public static ReadOnlySpan<byte> Mark(string language, ReadOnlySpan<byte> word, Span<byte> buffer)
    {
        buffer[0] = (byte)char.ToLowerInvariant(language[0]);
        buffer[1] = (byte)char.ToLowerInvariant(language[1]);
        buffer[2] = (byte)':';
        word.CopyTo(buffer[3..]);
        return buffer[..(3 + Stemmer.Stem(language, buffer.Slice(3, word.Length)))];
    }
}
