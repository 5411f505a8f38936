using System.Diagnostics.CodeAnalysis;
using System.Text;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.StructuredFields;

namespace CustobotGateway.MessageSignatures.Signing;

/// <summary>Signs messages (RFC 9421 §3.1).</summary>
public static class MessageSigning
{
    /// <summary>Signs a message; false where it lacks a component that is to be covered, or has a value that cannot be.</summary>
    public static bool TrySign(HttpMessage message, SigningKey key, SigningParameters parameters, [NotNullWhen(true)] out SignedFields? signed)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(parameters);
        signed = null;
        var written = Write(parameters, key);
        if (SignatureBase.Write(parameters.Components, message, written, out _) is not { } text)
        {
            return false;
        }
        signed = new SignedFields($"{parameters.Label}={written}", $"{parameters.Label}=:{Convert.ToBase64String(key.Sign(text))}:");
        return true;
    }

    // In the order that the published vectors have.
    private static string Write(SigningParameters parameters, SigningKey key)
    {
        var text = new StringBuilder("(").AppendJoin(' ', parameters.Components.Select(component => component.Identifier)).Append(')');
        if (parameters.Created is { } created)
        {
            text.Parameter("created", FieldValue.OfInteger(created.ToUnixTimeSeconds()));
        }
        text.Parameter("keyid", FieldValue.OfText(parameters.KeyId ?? key.Public.Thumbprint));
        if (parameters.NamesAlgorithm)
        {
            text.Parameter("alg", FieldValue.OfText(key.Algorithm.Name));
        }
        if (parameters.Expires is { } expires)
        {
            text.Parameter("expires", FieldValue.OfInteger(expires.ToUnixTimeSeconds()));
        }
        if (parameters.Nonce is { } nonce)
        {
            text.Parameter("nonce", FieldValue.OfText(nonce));
        }
        return (parameters.Tag is { } tag ? text.Parameter("tag", FieldValue.OfText(tag)) : text).ToString();
    }
}
