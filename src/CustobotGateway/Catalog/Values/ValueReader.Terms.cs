namespace CustobotGateway.Catalog.Values;

/// <content>Sets of terms.</content>
public sealed partial class ValueReader
{
    private bool _folded;

    private void BeginTerms(Utf8Buffer value)
    {
        _terms.Clear();
        _given.Clear();
        _folded = false;
        value.Append((byte)'[');
    }

    private ValueFault AddTerm(ReadOnlySpan<byte> text, ValueFormat format, Utf8Buffer value)
    {
        if (text.Length is 0 or > ValueLimits.TermBytes || _terms.Count == ValueLimits.Terms)
        {
            return text.IsEmpty ? ValueFault.WrongType : ValueFault.TooLong;
        }
        var term = format.Fold(text);
        _given.Append(_given.Length == 0 ? (byte)'[' : (byte)',');
        _given.AppendString(text);
        _folded |= !term.SequenceEqual(text);
        var (length, start) = (value.Length, value.Length + (_terms.Count > 0 ? 1 : 0));
        if (start > length)
        {
            value.Append((byte)',');
        }
        value.AppendString(term);
        var written = value.Written;
        foreach (var (otherStart, otherLength) in _terms)
        {
            if (written.Slice(otherStart, otherLength).SequenceEqual(written[start..]))
            {
                // Each term once; the first keeps its place.
                value.Truncate(length);
                return ValueFault.None;
            }
        }
        _terms.Add((start, value.Length - start));
        return ValueFault.None;
    }

    private ValueFault EndTerms(Utf8Buffer value, Utf8Buffer given)
    {
        value.Append((byte)']');
        if (_terms.Count == 0)
        {
            return ValueFault.Missing;
        }
        if (_folded)
        {
            given.Append(_given.Written);
            given.Append((byte)']');
        }
        return ValueFault.None;
    }
}
