using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Signing;
using Microsoft.AspNetCore.Http.Features;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>
/// Signs answers for callers who ask for it (RFC 9421 §5, Accept-Signature), or all of them where that is set. Outside of compression, since the digest is of what is sent.
/// For any other request it is one look-up in the headers.
/// </summary>
internal sealed class ResponseSigning(RequestDelegate next, MessageSigner signer, MessageKeyRing keys, OwnAuthorities own, AgentOptions options)
{
    // What is asked of a signature whose caller does not say what to cover.
    private static readonly Component[] Usual =
    [
        Component.Of("@status"), Component.Of("content-type"), Component.Of("content-digest"),
        Component.Of("@method", ofRequest: true), Component.Of("@authority", ofRequest: true), Component.Of("@path", ofRequest: true), Component.Of("@query", ofRequest: true),
    ];

    // Answers must not be taken for requests of an agent, nor for a directory.
    private static readonly string[] RequestTags = ["web-bot-auth", "agent-browser-auth", "agent-payer-auth", MessageSignatures.WebBotAuth.KeyDirectory.Tag];

    public Task InvokeAsync(HttpContext context) =>
        (options.SignAnswers || context.Request.Headers.ContainsKey(AskedSignature.Field)) && keys.Current is not null && Asked(context.Request.Headers) is { Count: > 0 } asked
            ? SignAsync(context, asked)
            : next(context);

    private IReadOnlyList<AskedSignature> Asked(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(AskedSignature.Field, out var value) && AskedSignature.TryParse(string.Join(", ", value.ToArray()), out var asked))
        {
            return [.. asked.Where(one => one.Tag is null || !RequestTags.Contains(one.Tag)).Select(one => one.Components.Count == 0 ? one with { Components = Usual } : one)];
        }
        return options.SignAnswers ? [new AskedSignature("sig1", Usual, null, null, null, null, true)] : [];
    }

    private async Task SignAsync(HttpContext context, IReadOnlyList<AskedSignature> asked)
    {
        var request = SignedRequests.Of(context, own);
        if (!own.Hosts.Contains(request.Authority!))
        {
            await next(context);
            return;
        }
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var body = new SignedBody(context, sent.Stream, request, asked, Usual, signer);
        var held = new StreamResponseBodyFeature(body, sent);
        context.Features.Set<IHttpResponseBodyFeature>(held);
        try
        {
            await next(context);
            await held.CompleteAsync();
            await body.EndAsync();
        }
        finally
        {
            context.Features.Set(sent);
        }
    }
}
