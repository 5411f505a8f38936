using System.Text;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Splits UTF-8 text into words: runs of letters and digits, in lower case, accents folded (café = cafe, Größe = grosse).
/// The same for documents and for queries.
/// </summary>
internal ref struct Tokenizer(ReadOnlySpan<byte> text, Span<byte> buffer)
{
    /// <summary>Bytes of a word that are looked at; a longer word is cut.</summary>
    public const int MaxWordBytes = 64;

    // Folded letters of U+00C0 to U+017F, one entry each; '.' separates, '-' is no letter.
    private static readonly string[] LatinFolds = (
        "a.a.a.a.a.a.ae.c.e.e.e.e.i.i.i.i.d.n.o.o.o.o.o.-.o.u.u.u.u.y.th.ss." +
        "a.a.a.a.a.a.ae.c.e.e.e.e.i.i.i.i.d.n.o.o.o.o.o.-.o.u.u.u.u.y.th.y." +
        "a.a.a.a.a.a.c.c.c.c.c.c.c.c.d.d.d.d.e.e.e.e.e.e.e.e.e.e.g.g.g.g.g.g.g.g.h.h.h.h." +
        "i.i.i.i.i.i.i.i.i.i.ij.ij.j.j.k.k.k.l.l.l.l.l.l.l.l.l.l.n.n.n.n.n.n.n.n.n.o.o.o.o.o.o.oe.oe." +
        "r.r.r.r.r.r.s.s.s.s.s.s.s.s.t.t.t.t.t.t.u.u.u.u.u.u.u.u.u.u.u.u.w.w.y.y.y.z.z.z.z.z.z.s").Split('.');

    private readonly Span<byte> _buffer = buffer;
    private ReadOnlySpan<byte> _rest = text;
    private int _length;

    /// <summary>The word that <see cref="MoveNext"/> found; valid until the next call.</summary>
    public readonly ReadOnlySpan<byte> Word => _buffer[.._length];

    /// <summary>Finds the next word.</summary>
    public bool MoveNext()
    {
        _length = 0;
        while (!_rest.IsEmpty)
        {
            var value = _rest[0];
            if (value < 0x80)
            {
                _rest = _rest[1..];
                var letter = value | 0x20;
                if ((uint)(letter - 'a') <= 'z' - 'a')
                {
                    Append((byte)letter);
                }
                else if ((uint)(value - '0') <= 9)
                {
                    Append(value);
                }
                else if (_length > 0)
                {
                    return true;
                }
                continue;
            }
            Rune.DecodeFromUtf8(_rest, out var rune, out var consumed);
            _rest = _rest[consumed..];
            if (!AppendFolded(rune) && _length > 0)
            {
                return true;
            }
        }
        return _length > 0;
    }

    private bool AppendFolded(Rune rune)
    {
        if (rune.Value is >= 0x300 and <= 0x36F)
        {
            return true; // a combining accent belongs to the letter before it
        }
        if (rune.Value is >= 0xC0 and <= 0x17F)
        {
            var fold = LatinFolds[rune.Value - 0xC0];
            if (fold == "-")
            {
                return false;
            }
            foreach (var letter in fold)
            {
                Append((byte)letter);
            }
            return true;
        }
        if (rune.Value is 0xAA or 0xBA || !Rune.IsLetterOrDigit(rune))
        {
            return false;
        }
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var value in utf8[..Rune.ToLowerInvariant(rune).EncodeToUtf8(utf8)])
        {
            Append(value);
        }
        return true;
    }

    private void Append(byte value)
    {
        if (_length < MaxWordBytes)
        {
            _buffer[_length++] = value;
        }
    }
}
