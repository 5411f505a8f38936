using System.Buffers;
using System.Globalization;
using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>
/// Splits a UTF-8 document into tokens (spec §2.1). The text has been checked to be valid UTF-8. A token is a range of the source; only
/// strings with escapes are decoded while scanning.
/// </summary>
internal ref struct Lexer(ReadOnlySpan<byte> source)
{
    private static readonly SearchValues<byte> StringStops = SearchValues.Create("\"\\\r\n"u8);
    private static readonly SearchValues<byte> NameContinue =
        SearchValues.Create("_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly ReadOnlySpan<byte> _source = source;
    private int _position;
    private int _line = 1;

    // The offset of the line's first byte, moved forward by what its characters take in UTF-8 beyond their UTF-16 code units.
    private int _columnOrigin;
    private int _start;
    private int _end;
    private string? _decoded;

    public TokenKind Kind { get; private set; } = TokenKind.Start;

    public SourceLocation Location { get; private set; } = new(1, 1);

    /// <summary>The token's bytes; of a string without its quotes.</summary>
    public readonly ReadOnlySpan<byte> Text => _source[_start.._end];

    /// <summary>The token's value; of a string with escapes replaced.</summary>
    public readonly string Value => _decoded ?? Encoding.UTF8.GetString(Text);

    public readonly string Description =>
        Kind is TokenKind.Name or TokenKind.Int or TokenKind.Float or TokenKind.String or TokenKind.BlockString
            ? $"{Kind.Describe()} \"{Value}\""
            : Kind.Describe();

    public void Next()
    {
        SkipIgnored();
        _decoded = null;
        _start = _position;
        Location = Here(_position);
        if (_position == _source.Length)
        {
            Kind = TokenKind.End;
            _end = _position;
            return;
        }
        var value = _source[_position];
        Kind = value switch
        {
            (byte)'!' => TokenKind.Bang,
            (byte)'$' => TokenKind.Dollar,
            (byte)'&' => TokenKind.Ampersand,
            (byte)'(' => TokenKind.ParenthesisOpen,
            (byte)')' => TokenKind.ParenthesisClose,
            (byte)':' => TokenKind.Colon,
            (byte)'=' => TokenKind.Equal,
            (byte)'@' => TokenKind.At,
            (byte)'[' => TokenKind.BracketOpen,
            (byte)']' => TokenKind.BracketClose,
            (byte)'{' => TokenKind.BraceOpen,
            (byte)'|' => TokenKind.Pipe,
            (byte)'}' => TokenKind.BraceClose,
            (byte)'.' when _source[_position..].StartsWith("..."u8) => TokenKind.Spread,
            (byte)'"' => _source[_position..].StartsWith("\"\"\""u8) ? TokenKind.BlockString : TokenKind.String,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => TokenKind.Int,
            _ when IsNameStart(value) => TokenKind.Name,
            (byte)'\'' => throw Error("Unexpected single quote character ('), did you mean to use a double quote (\")?", _position),
            _ => throw Error($"Unexpected character: {Character(_position)}.", _position),
        };
        switch (Kind)
        {
            case TokenKind.Name:
                var length = _source[_position..].IndexOfAnyExcept(NameContinue);
                _position = length < 0 ? _source.Length : _position + length;
                break;
            case TokenKind.Int:
                ReadNumber();
                break;
            case TokenKind.String:
                ReadString();
                return;
            case TokenKind.BlockString:
                ReadBlockString();
                return;
            default:
                _position += Kind == TokenKind.Spread ? 3 : 1;
                break;
        }
        _end = _position;
    }

    private void SkipIgnored()
    {
        while (_position < _source.Length)
        {
            switch (_source[_position])
            {
                case (byte)' ' or (byte)'\t' or (byte)',':
                    _position++;
                    break;
                case (byte)'\r' or (byte)'\n':
                    ReadLineEnd();
                    break;
                case (byte)'#':
                    var length = _source[_position..].IndexOfAny((byte)'\r', (byte)'\n');
                    Advance(length < 0 ? _source.Length - _position : length);
                    break;
                case 0xEF when _source[_position..].StartsWith("\uFEFF"u8):
                    Advance(3);
                    break;
                default:
                    return;
            }
        }
    }

    private void ReadLineEnd()
    {
        _position += _source[_position..].StartsWith("\r\n"u8) ? 2 : 1;
        _line++;
        _columnOrigin = _position;
    }

    // Moves over text on one line, which may have characters beyond ASCII.
    private void Advance(int bytes)
    {
        var text = _source.Slice(_position, bytes);
        if (!Ascii.IsValid(text))
        {
            _columnOrigin += bytes - Encoding.UTF8.GetCharCount(text);
        }
        _position += bytes;
    }

    private void ReadNumber()
    {
        if (Peek() == '-')
        {
            _position++;
        }
        if (Peek() == '0')
        {
            _position++;
            if (char.IsAsciiDigit(Peek()))
            {
                throw Error($"Invalid number, unexpected digit after 0: {Character(_position)}.", _position);
            }
        }
        else
        {
            ReadDigits();
        }
        if (Peek() == '.')
        {
            Kind = TokenKind.Float;
            _position++;
            ReadDigits();
        }
        if (Peek() is 'e' or 'E')
        {
            Kind = TokenKind.Float;
            _position++;
            if (Peek() is '+' or '-')
            {
                _position++;
            }
            ReadDigits();
        }
        if (Peek() == '.' || (_position < _source.Length && IsNameStart(_source[_position])))
        {
            throw Error($"Invalid number, expected digit but got: {Character(_position)}.", _position);
        }
    }

    private void ReadDigits()
    {
        if (!char.IsAsciiDigit(Peek()))
        {
            throw Error($"Invalid number, expected digit but got: {Character(_position)}.", _position);
        }
        var length = _source[_position..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        _position = length < 0 ? _source.Length : _position + length;
    }

    private void ReadString()
    {
        _start = ++_position;
        StringBuilder? decoded = null;
        var copied = _position;
        while (true)
        {
            var length = _source[_position..].IndexOfAny(StringStops);
            Advance(length < 0 ? _source.Length - _position : length);
            var next = Peek();
            if (next == '"')
            {
                _end = _position++;
                if (decoded is not null)
                {
                    _decoded = decoded.Append(Encoding.UTF8.GetString(_source[copied.._end])).ToString();
                }
                return;
            }
            if (next != '\\')
            {
                throw Error("Unterminated string.", _position);
            }
            decoded ??= new StringBuilder();
            decoded.Append(Encoding.UTF8.GetString(_source[copied.._position]));
            decoded.Append(StringEscapes.Read(_source, _position, out var size) ?? throw Escape(size));
            copied = _position += size;
        }
    }

    private void ReadBlockString()
    {
        _start = _position += 3;
        var escapes = false;
        while (true)
        {
            var length = _source[_position..].IndexOfAny(StringStops);
            Advance(length < 0 ? _source.Length - _position : length);
            var rest = _source[_position..];
            if (rest.IsEmpty)
            {
                throw Error("Unterminated string.", _position);
            }
            if (rest.StartsWith("\"\"\""u8))
            {
                _end = _position;
                _position += 3;
                var raw = Encoding.UTF8.GetString(Text);
                _decoded = BlockString.Dedent(escapes ? raw.Replace("\\\"\"\"", "\"\"\"", StringComparison.Ordinal) : raw);
                return;
            }
            if (rest.StartsWith("\\\"\"\""u8))
            {
                escapes = true;
                _position += 4;
            }
            else if (rest[0] is (byte)'\r' or (byte)'\n')
            {
                ReadLineEnd();
            }
            else
            {
                _position++;
            }
        }
    }

    private readonly char Peek() => _position < _source.Length ? (char)_source[_position] : '\0';

    private static bool IsNameStart(byte value) => char.IsAsciiLetter((char)value) || value == (byte)'_';

    private readonly SourceLocation Here(int position) => new(_line, position - _columnOrigin + 1);

    private readonly SyntaxException Error(string message, int position) => new(message, Here(position));

    private readonly SyntaxException Escape(int size)
    {
        // The sequence is shown in whole characters.
        var shown = Encoding.UTF8.GetString(_source.Slice(_position, Math.Min(4 * size, _source.Length - _position)));
        shown = shown[..Math.Min(size, shown.Length)];
        var name = _source[_position..].StartsWith("\\u"u8) ? "Unicode" : "character";
        return Error($"Invalid {name} escape sequence: \"{shown}\".", _position);
    }

    private readonly string Character(int position)
    {
        if (position == _source.Length || Rune.DecodeFromUtf8(_source[position..], out var rune, out _) != OperationStatus.Done)
        {
            return TokenKind.End.Describe();
        }
        return rune.Value switch
        {
            '"' => "'\"'",
            >= 0x20 and <= 0x7E => $"\"{rune}\"",
            _ => "U+" + rune.Value.ToString("X4", CultureInfo.InvariantCulture),
        };
    }
}
