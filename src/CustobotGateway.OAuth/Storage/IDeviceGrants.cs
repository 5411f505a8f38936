using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Storage;

/// <summary>Keeps the requests of devices.</summary>
public interface IDeviceGrants
{
    /// <summary>Stores a request; false if another that lives has its user code: make a new one.</summary>
    ValueTask<bool> TryAddAsync(DeviceGrant request, CancellationToken cancellationToken);

    /// <summary>The request by its device code; null if there is none.</summary>
    ValueTask<DeviceGrant?> FindAsync(SecretHash hash, CancellationToken cancellationToken);

    /// <summary>The request that waits for a person, by the code that was typed; null if there is none, or it was decided or has expired.</summary>
    ValueTask<DeviceGrant?> FindPendingAsync(string userCode, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes when the device asked, and the interval.</summary>
    ValueTask PolledAsync(DeviceGrant request, CancellationToken cancellationToken);

    /// <summary>True for the first decision: <c>… where hash = $1 and state = 'pending' and expires_at &gt; $2</c>, one row. Null denies.</summary>
    ValueTask<bool> TryDecideAsync(SecretHash hash, Grant? grant, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>True for the first caller, of any number at once: <c>… set state = 'consumed' where hash = $1 and state = 'approved' and expires_at &gt; $2</c>, one row.</summary>
    ValueTask<bool> TryConsumeAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken);
}
