using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Recognition;

/// <summary>After credentials were recognised: an access token proves who operates an agent.</summary>
internal sealed class TokenProof(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<AgentPrincipal>() is { } agent && context.GetCaller() is LiveDecision decision)
        {
            decision.ProveBy(agent);
            CallerHeaders.Write(context);
        }
        return next(context);
    }
}
