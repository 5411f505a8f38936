using CustobotGateway.Common;

namespace CustobotGateway.Webhooks;

/// <summary>The refusals of webhooks.</summary>
public static class WebhookProblems
{
    /// <summary>No such endpoint of the caller.</summary>
    public static readonly ProblemType EndpointNotFound = new("webhook_endpoint_not_found", 404, "There is no such webhook endpoint", "The caller has no endpoint of this id. GET /v1/webhook_endpoints lists those that it has.");

    /// <summary>No such delivery of the endpoint.</summary>
    public static readonly ProblemType DeliveryNotFound = new("webhook_delivery_not_found", 404, "There is no such delivery",
        "The endpoint's log has no delivery of this id: it never had, or the delivery is older than the log is kept.");

    /// <summary>The caller has as many as it may have.</summary>
    public static readonly ProblemType TooManyEndpoints = new("too_many_webhook_endpoints", 409, "There are too many webhook endpoints", "Delete an endpoint that is not used any more, or let one endpoint take more kinds of events.");

    /// <summary>Nothing is sent to that address.</summary>
    public static readonly ProblemType UrlRefused = new("webhook_url_refused", 422, "Nothing is sent to this address",
        "A webhook goes to an https address on the public internet: not into a private network, not to this machine, without user information. The host's name has to resolve.");

    /// <summary>The endpoint takes nothing just now.</summary>
    public static readonly ProblemType EndpointDisabled = new("webhook_endpoint_disabled", 409, "The webhook endpoint is disabled", "Enable it with PATCH {\"disabled\": false}, then repeat the request.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [EndpointNotFound, DeliveryNotFound, TooManyEndpoints, UrlRefused, EndpointDisabled];
}
