import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";

/** A button that cannot be pressed again while its work is under way. */
export function Busy({
  className,
  onAct,
  testId,
  children,
}: {
  className: string;
  onAct: () => Promise<void>;
  testId: string;
  children: React.ReactNode;
}) {
  const [isBusy, setBusy] = useState(false);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => void (isHere.current = false);
  }, []);
  const act = async () => {
    setBusy(true);
    try {
      await onAct();
    } finally {
      if (isHere.current) setBusy(false);
    }
  };
  return (
    <Button className={className} isDisabled={isBusy} onPress={() => void act()} data-testid={testId}>
      {children}
    </Button>
  );
}
