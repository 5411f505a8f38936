namespace CustobotGateway.Checkout.Payments.Sandbox.Process;

/// <summary>What shall go wrong, in the order in which it was asked for.</summary>
internal sealed class SandboxFaults
{
    private const int Most = 1_000;

    private readonly Lock _lock = new();
    private readonly List<SandboxWire.FaultOrder> _waiting = [];

    /// <summary>Adds one; false where there are too many.</summary>
    public bool Add(SandboxWire.FaultOrder fault)
    {
        lock (_lock)
        {
            if (_waiting.Count >= Most)
            {
                return false;
            }
            _waiting.Add(fault);
            return true;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _waiting.Clear();
        }
    }

    /// <summary>What goes wrong with this call; null if nothing does.</summary>
    public SandboxWire.FaultOrder? Take(SandboxStep step, string paymentId, string? sessionId, string? token)
    {
        lock (_lock)
        {
            var index = _waiting.FindIndex(fault => fault.Step == step && (fault.PaymentId is null || fault.PaymentId == paymentId)
                && (fault.SessionId is null || fault.SessionId == sessionId) && (fault.Token is null || fault.Token == token));
            if (index < 0)
            {
                return null;
            }
            var fault = _waiting[index];
            if (fault.Times <= 1)
            {
                _waiting.RemoveAt(index);
            }
            else
            {
                _waiting[index] = fault with { Times = fault.Times - 1 };
            }
            return fault;
        }
    }
}
