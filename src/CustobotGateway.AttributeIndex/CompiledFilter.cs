using System.Text;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

internal enum NodeKind : byte
{
    All,
    Any,
    Not,
    Range,
    Numbers,
    Terms,
    AllTerms,
    TextPrefix,
    Exists,
    Geo,
    Text,
}

/// <summary>A part of a filter with its terms looked up; children are a chain.</summary>
internal struct Node
{
    public NodeKind Kind;
    public UnknownPolicy Unknown;
    public bool AnyWord;
    public int Column;
    public int FirstChild;
    public int NextSibling;
    public int Start;
    public int Count;
    public double Low;
    public double High;
}

/// <summary>
/// A filter made ready for the chunks: terms and words are looked up once, in flat arrays that are used again by the next query.
/// </summary>
internal sealed class CompiledFilter
{
    private Node[] _nodes = new Node[32];
    private int _count;
    private int[] _integers = new int[64];
    private int _integerCount;
    private double[] _numbers = new double[16];
    private int _numberCount;
    private readonly List<GeoColumn.Circle> _circles = [];
    private readonly List<byte[]> _prefixes = [];
    private readonly byte[] _word = new byte[Tokenizer.MaxWordBytes];
    private readonly byte[] _marked = new byte[Tokenizer.MaxWordBytes + 8];
    private byte[] _text = new byte[256];

    public ref readonly Node this[int node] => ref _nodes[node];

    public ReadOnlySpan<int> Integers(in Node node) => _integers.AsSpan(node.Start, node.Count);

    public ReadOnlySpan<double> Numbers(in Node node) => _numbers.AsSpan(node.Start, node.Count);

    public GeoColumn.Circle Circle(in Node node) => _circles[node.Start];

    public ReadOnlySpan<byte> Prefix(in Node node) => _prefixes[node.Start];

    public void Clear()
    {
        _count = _integerCount = _numberCount = 0;
        _circles.Clear();
        _prefixes.Clear();
    }

    /// <summary>Adds a filter; returns its root.</summary>
    public int Add(Filter filter, IndexSnapshot snapshot)
    {
        var node = New();
        switch (filter)
        {
            case AllOf all:
                AddGroup(node, NodeKind.All, all.Parts, snapshot);
                break;
            case AnyOf any:
                AddGroup(node, NodeKind.Any, any.Parts, snapshot);
                break;
            case Not not:
                var child = Add(not.Part, snapshot);
                _nodes[node].Kind = NodeKind.Not;
                _nodes[node].FirstChild = child;
                break;
            case TextMatch text:
                _nodes[node].Kind = NodeKind.Text;
                _nodes[node].AnyWord = text.AnyWord;
                AddWords(node, text.Text, snapshot);
                break;
            case ColumnFilter leaf:
                _nodes[node].Column = leaf.Column;
                _nodes[node].Unknown = leaf.Unknown;
                AddLeaf(node, leaf, snapshot);
                break;
            default:
                throw new NotSupportedException(filter.GetType().Name);
        }
        return node;
    }

    private void AddGroup(int node, NodeKind kind, IReadOnlyList<Filter> parts, IndexSnapshot snapshot)
    {
        var previous = -1;
        _nodes[node].Kind = kind;
        for (var i = 0; i < parts.Count; i++)
        {
            var child = Add(parts[i], snapshot);
            if (previous < 0)
            {
                _nodes[node].FirstChild = child;
            }
            else
            {
                _nodes[previous].NextSibling = child;
            }
            previous = child;
        }
        _nodes[node].Count = parts.Count;
    }

    private void AddLeaf(int index, ColumnFilter leaf, IndexSnapshot snapshot)
    {
        ref var node = ref _nodes[index];
        switch (leaf)
        {
            case NumberRange range:
                (node.Kind, node.Low, node.High) = (NodeKind.Range, range.Minimum, range.Maximum);
                break;
            case NumberIn numbers:
                node.Kind = NodeKind.Numbers;
                node.Start = _numberCount;
                for (var i = 0; i < numbers.Values.Count; i++)
                {
                    Append(ref _numbers, ref _numberCount, numbers.Values[i]);
                }
                node.Count = _numberCount - node.Start;
                break;
            case KeywordIn terms:
                node.Kind = NodeKind.Terms;
                AddTerms(ref node, terms.Terms, snapshot, unknownToo: false);
                break;
            case KeywordAll terms:
                node.Kind = NodeKind.AllTerms;
                AddTerms(ref node, terms.Terms, snapshot, unknownToo: true);
                break;
            case KeywordPrefix prefix:
                var literal = Escape(prefix.Prefix);
                if (snapshot.Schema.Columns[leaf.Column].Kind == ColumnKind.Text)
                {
                    (node.Kind, node.Start) = (NodeKind.TextPrefix, _prefixes.Count);
                    _prefixes.Add(literal);
                    break;
                }
                node.Kind = NodeKind.Terms;
                node.Start = _integerCount;
                var dictionary = snapshot.Dictionaries[leaf.Column];
                for (int term = 0, count = dictionary.Count; term < count; term++)
                {
                    if (dictionary.Literal(term).StartsWith(literal))
                    {
                        Append(ref _integers, ref _integerCount, term);
                    }
                }
                node.Count = _integerCount - node.Start;
                break;
            case Exists:
                node.Kind = NodeKind.Exists;
                break;
            case Within within:
                (node.Kind, node.Start) = (NodeKind.Geo, _circles.Count);
                _circles.Add(new GeoColumn.Circle(within.Latitude, within.Longitude, within.RadiusMetres));
                break;
            default:
                throw new NotSupportedException(leaf.GetType().Name);
        }
    }

    private void AddTerms(ref Node node, IReadOnlyList<string> terms, IndexSnapshot snapshot, bool unknownToo)
    {
        node.Start = _integerCount;
        var dictionary = snapshot.Dictionaries[node.Column];
        for (var i = 0; i < terms.Count; i++)
        {
            var term = dictionary.Find(terms[i]);
            if (term >= 0 || unknownToo)
            {
                Append(ref _integers, ref _integerCount, term);
            }
        }
        node.Count = _integerCount - node.Start;
        // Ascending, so that neighbouring codes join into ranges.
        _integers.AsSpan(node.Start, node.Count).Sort();
    }

    // For each word: how many dictionary entries it may be found under, then these.
    private void AddWords(int index, string text, IndexSnapshot snapshot)
    {
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < bytes)
        {
            _text = new byte[bytes];
        }
        var start = _integerCount;
        var dictionary = snapshot.Dictionaries.Words;
        var words = new Tokenizer(_text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text)), _word);
        while (words.MoveNext())
        {
            var count = _integerCount;
            Append(ref _integers, ref _integerCount, 0);
            AppendWord(dictionary.Find(words.Word));
            foreach (var language in snapshot.TextLanguages)
            {
                AppendWord(dictionary.Find(Stems.Mark(language, words.Word, _marked)));
            }
            _integers[count] = _integerCount - count - 1;
        }
        _nodes[index].Start = start;
        _nodes[index].Count = _integerCount - start;
    }

    private void AppendWord(int word)
    {
        if (word >= 0)
        {
            Append(ref _integers, ref _integerCount, word);
        }
    }

    private int New()
    {
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, _count * 2);
        }
        _nodes[_count] = new Node { FirstChild = -1, NextSibling = -1 };
        return _count++;
    }

    private static byte[] Escape(string prefix)
    {
        var text = Encoding.UTF8.GetBytes(prefix);
        var literal = new byte[JsonLiteral.MaxSize(text.Length)];
        return literal[..(JsonLiteral.Write(text, literal) - 1)];
    }

    private static void Append<T>(ref T[] array, ref int count, T value)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, count * 2);
        }
        array[count++] = value;
    }
}
