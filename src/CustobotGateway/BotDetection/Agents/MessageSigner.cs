using System.Buffers.Text;
using System.Security.Cryptography;
using CustobotGateway.Common.Http;
using CustobotGateway.MessageSignatures;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Signs what the gateway sends, so that whoever gets it can tell by the gateway's key directory that nobody else made it.</summary>
public sealed class MessageSigner(MessageKeyRing keys, PublicUrl url, TimeProvider clock)
{
    private const int NonceBytes = 32;

    /// <summary>How long a signature is good for.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Signs a request, such as a webhook, by Web Bot Auth: method, address, content type and digest of the content are covered. Sets Content-Digest, Signature-Agent,
    /// Signature-Input and Signature.
    /// </summary>
    /// <param name="request">The request; its address is absolute.</param>
    /// <param name="content">The very bytes that are sent; null for none.</param>
    /// <returns>False where there is no key yet, because the database was never reached.</returns>
    public bool Sign(HttpRequestMessage request, ReadOnlyMemory<byte>? content = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (keys.Current is not { } key || request.RequestUri is not { IsAbsoluteUri: true } address)
        {
            return false;
        }
        request.Headers.TryAddWithoutValidation("Signature-Agent", $"sig1=\"{url.Base}\"");
        List<Component> covered = [Component.Of("@method"), Component.Of("@target-uri"), Component.Of("@authority"), AgentOf("sig1")];
        if (content is { } bytes)
        {
            request.Headers.TryAddWithoutValidation("Content-Digest", ContentDigest.Of(bytes.Span));
            covered.Add(Component.Of(ContentDigest.Field));
        }
        if (request.Content?.Headers.ContentType is not null)
        {
            covered.Add(Component.Of("content-type"));
        }
        var message = HttpMessage.Request(request.Method.Method, address.Scheme, request.Headers.Host ?? address.Authority, address.PathAndQuery, new OutgoingFields(request));
        if (!MessageSigning.TrySign(message, key, NewParameters(covered) with { Tag = "web-bot-auth" }, out var signed))
        {
            return false;
        }
        request.Headers.TryAddWithoutValidation("Signature-Input", signed.Input);
        request.Headers.TryAddWithoutValidation("Signature", signed.Signature);
        return true;
    }

    /// <summary>Signs an answer; null where there is no key, or the answer lacks something that is to be covered.</summary>
    internal SignedFields? Sign(HttpMessage answer, AskedSignature asked) =>
        keys.Current is { } key && (asked.KeyId is null || asked.KeyId == key.Public.Thumbprint) && (asked.Algorithm is null || asked.Algorithm == key.Algorithm.Name)
        && MessageSigning.TrySign(answer, key, NewParameters(asked.Components) with { Label = asked.Label, Nonce = asked.Nonce, Tag = asked.Tag }, out var signed)
            ? signed
            : null;

    /// <summary>Signs the gateway's directory with each of its keys, for the host that was asked (draft-ietf-webbotauth-http-message-signatures-directory §5).</summary>
    internal IReadOnlyList<SignedFields> SignDirectory(HttpMessage answer) =>
    [
        .. keys.Published.Select((key, i) => MessageSigning.TrySign(answer, key, NewParameters([Component.Of("@authority", ofRequest: true)]) with
        {
            Label = $"sig{i + 1}",
            Tag = KeyDirectory.Tag,
            // It lies in caches for as long as the directory does.
            Expires = clock.GetUtcNow() + MessageKeyRing.CacheTime + Life,
        }, out var signed) ? signed : null).OfType<SignedFields>(),
    ];

    private SigningParameters NewParameters(IReadOnlyList<Component> components)
    {
        var now = clock.GetUtcNow();
        return new SigningParameters { Components = components, Created = now, Expires = now + Life, Nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes)) };
    }

    private static Component AgentOf(string label) =>
        Component.TryParse($"\"{SignatureAgent.Field}\";key=\"{label}\"", out var component) ? component : throw new InvalidOperationException();

    private sealed class OutgoingFields(HttpRequestMessage request) : IMessageFields
    {
        public void Collect(string name, ICollection<string> lines)
        {
            if (request.Headers.TryGetValues(name, out var values) || request.Content?.Headers.TryGetValues(name, out values) == true)
            {
                foreach (var value in values)
                {
                    lines.Add(value);
                }
            }
        }
    }
}
