using System.Text;
using System.Text.Unicode;
using System.Xml;
using CustobotGateway.Catalog.Values;

namespace CustobotGateway.Catalog.Import.Feeds;

/// <summary>
/// Rows of an XML feed: the items of RSS 2.0, the entries of Atom, elements called product, row or offer, else the children of the root.
/// Each becomes a flat JSON object: an element's local name with its text, nested ones joined by a dot, repeated ones as an array.
/// No DTD, no entity of one's own, no external resource is read.
/// </summary>
internal sealed class XmlFeedReader : IFeedReader, IDisposable
{
    private const int MaxDepth = 64;
    private static readonly HashSet<string> RowNames = new(StringComparer.OrdinalIgnoreCase) { "item", "entry", "product", "row", "offer" };

    private readonly XmlReader _xml;
    private readonly int _maxRowBytes;
    private readonly Utf8Buffer _row = new(4096);
    private readonly char[] _letters = new char[4096];
    private readonly List<(string Name, List<int> Ends, List<int> Starts)> _members = [];
    private readonly Utf8Buffer _texts = new(4096);
    private readonly List<string> _path = [];
    private string _root = "";
    private bool _done;

    public XmlFeedReader(Stream stream, int maxRowBytes)
    {
        _maxRowBytes = maxRowBytes;
        _xml = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersFromEntities = 1_000_000,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = true,
        });
    }

    public IReadOnlyList<string>? Header => null;

    public bool Read(FeedChunk chunk)
    {
        chunk.Rows.Clear();
        var used = 0;
        try
        {
            while (!_done && used < RecordReader.ChunkBytes && NextRow())
            {
                var line = ((IXmlLineInfo)_xml).LineNumber;
                if (!ReadRow())
                {
                    chunk.Rows.Add(new FeedRow(used, 0, line, "row_too_long"));
                    continue;
                }
                _row.Written.CopyTo(chunk.Bytes.AsSpan(used));
                chunk.Rows.Add(new FeedRow(used, _row.Length, line));
                used += _row.Length;
            }
        }
        catch (XmlException exception)
        {
            // What follows a break cannot be told from what is inside it.
            throw new FeedException("malformed_xml", $"The XML is not well-formed, or holds a DTD, at line {exception.LineNumber}, column {exception.LinePosition}. Nothing was imported.");
        }
        return chunk.Rows.Count > 0;
    }

    public void Dispose() => _xml.Dispose();

    private bool NextRow()
    {
        while (_xml.Read())
        {
            if (_xml.Depth > MaxDepth)
            {
                throw new FeedException("malformed_xml", $"Elements are nested deeper than {MaxDepth} at line {((IXmlLineInfo)_xml).LineNumber}.");
            }
            if (_xml.NodeType != XmlNodeType.Element || _xml.Depth == 0)
            {
                if (_xml is { NodeType: XmlNodeType.Element, Depth: 0 })
                {
                    _root = _xml.LocalName;
                }
                continue;
            }
            if (RowNames.Contains(_xml.LocalName) || (_xml.Depth == 1 && _root is not ("rss" or "RDF" or "feed")))
            {
                return true;
            }
        }
        _done = true;
        return false;
    }

    /// <summary>Reads the element that the reader stands on to its end; false when it is too large.</summary>
    private bool ReadRow()
    {
        _texts.Clear();
        _members.Clear();
        _path.Clear();
        var (depth, fits) = (_xml.Depth, true);
        for (var more = _xml.MoveToFirstAttribute(); more; more = _xml.MoveToNextAttribute())
        {
            if (_xml.Prefix != "xmlns" && _xml.Name != "xmlns")
            {
                AddText(_xml.LocalName, _xml.Value);
            }
        }
        _xml.MoveToElement();
        if (!_xml.IsEmptyElement)
        {
            while (_xml.Read() && _xml.Depth > depth)
            {
                if (_xml.Depth > depth + MaxDepth)
                {
                    throw new FeedException("malformed_xml", $"Elements are nested deeper than {MaxDepth} at line {((IXmlLineInfo)_xml).LineNumber}.");
                }
                fits &= ReadNode(fits);
            }
        }
        return fits && WriteRow();
    }

    private bool ReadNode(bool fits)
    {
        switch (_xml.NodeType)
        {
            case XmlNodeType.Element:
                _path.Add(_xml.LocalName);
                if (_xml.LocalName == "link" && _xml.GetAttribute("href") is { } address)
                {
                    // Atom keeps the address in an attribute.
                    AddText(string.Join('.', _path), address);
                }
                if (_xml.IsEmptyElement)
                {
                    _path.RemoveAt(_path.Count - 1);
                }
                return true;
            case XmlNodeType.EndElement:
                _path.RemoveAt(_path.Count - 1);
                return true;
            case XmlNodeType.Text or XmlNodeType.CDATA when _path.Count > 0 && fits:
                return ReadText(string.Join('.', _path));
            default:
                return true;
        }
    }

    private bool ReadText(string name)
    {
        var start = _texts.Length;
        int read, held = 0;
        while ((read = _xml.ReadValueChunk(_letters, held, _letters.Length - held)) > 0)
        {
            var length = held + read;
            if (_texts.Length + (length * 3) > _maxRowBytes)
            {
                return false;
            }
            // The first half of a pair waits for the second.
            held = char.IsHighSurrogate(_letters[length - 1]) ? 1 : 0;
            Append(_letters.AsSpan(0, length - held));
            _letters[0] = _letters[length - 1];
        }
        Keep(name, start);
        return true;
    }

    private void AddText(string name, string text)
    {
        var start = _texts.Length;
        Append(text);
        Keep(name, start);
    }

    private void Append(ReadOnlySpan<char> text)
    {
        Utf8.FromUtf16(text, _texts.Reserve(text.Length * 3), out _, out var written);
        _texts.Advance(written);
    }

    private void Keep(string name, int start)
    {
        var member = _members.Find(known => known.Name == name);
        if (member.Name is null)
        {
            member = (name, [], []);
            _members.Add(member);
        }
        member.Starts.Add(start);
        member.Ends.Add(_texts.Length);
    }

    private bool WriteRow()
    {
        _row.Clear();
        _row.Append((byte)'{');
        foreach (var (name, ends, starts) in _members)
        {
            if (_row.Length > 1)
            {
                _row.Append((byte)',');
            }
            _row.AppendString(Encoding.UTF8.GetBytes(name));
            _row.Append((byte)':');
            if (starts.Count > 1)
            {
                _row.Append((byte)'[');
            }
            for (var i = 0; i < starts.Count; i++)
            {
                if (i > 0)
                {
                    _row.Append((byte)',');
                }
                _row.AppendString(_texts.Written[starts[i]..ends[i]].Trim(" \t\r\n"u8));
            }
            if (starts.Count > 1)
            {
                _row.Append((byte)']');
            }
        }
        _row.Append((byte)'}');
        return _row.Length <= _maxRowBytes;
    }
}
