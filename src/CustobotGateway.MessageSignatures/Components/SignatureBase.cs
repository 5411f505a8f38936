using System.Buffers;
using System.Text;
using CustobotGateway.MessageSignatures.Messages;

namespace CustobotGateway.MessageSignatures.Components;

/// <summary>The text that is signed (RFC 9421 §2.5).</summary>
internal static class SignatureBase
{
    /// <summary>The longest text that is signed or verified; what covers a flood of headers is refused.</summary>
    public const int MostBytes = 65_536;

    private static readonly SearchValues<char> Signable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => (char)letter), '\t']);

    /// <summary>Writes the text; null where a component is absent or has a value that cannot be signed as it is.</summary>
    /// <param name="components">What is covered.</param>
    /// <param name="message">The message.</param>
    /// <param name="parameters">The value of <c>@signature-params</c>: when verifying, the text as it was received.</param>
    /// <param name="isMissing">Whether a component is absent; false where a value is at fault.</param>
    public static byte[]? Write(IReadOnlyList<Component> components, HttpMessage message, string parameters, out bool isMissing)
    {
        isMissing = false;
        var text = new StringBuilder(256 + parameters.Length);
        for (var i = 0; i < components.Count; i++)
        {
            if (ComponentValues.Find(components[i], message) is not { } value)
            {
                isMissing = true;
                return null;
            }
            // A line break in a value would let it stand for other components; what is not ASCII has no single spelling here.
            if (value.AsSpan().ContainsAnyExcept(Signable))
            {
                return null;
            }
            text.Append(components[i].Identifier).Append(": ").Append(value).Append('\n');
            if (text.Length > MostBytes)
            {
                return null;
            }
        }
        text.Append("\"@signature-params\": ").Append(parameters);
        if (text.Length > MostBytes)
        {
            return null;
        }
        var bytes = new byte[text.Length];
        var at = 0;
        foreach (var chunk in text.GetChunks())
        {
            at += Encoding.ASCII.GetBytes(chunk.Span, bytes.AsSpan(at));
        }
        return bytes;
    }
}
